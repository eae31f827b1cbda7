// Yardstick for the Worker: the least that JavaScript can do in workerd. It parses the body once, reads each piece of a
// stream and writes it. A whole answer passes untouched.

/** Put in when it is bundled. */
declare const UPSTREAM: string

interface Context {
  readonly waitUntil: (work: Promise<void>) => void
}

export default {
  async fetch (request: Request, _env: unknown, context: Context): Promise<Response> {
    const body = await request.text()
    const { stream } = JSON.parse(body) as { stream?: boolean }
    const answer = await fetch(`${UPSTREAM}/chat/completions`, { method: 'POST', body,
      headers: { 'content-type': 'application/json' } })
    const headers = { 'content-type': answer.headers.get('content-type') ?? '' }
    if (stream !== true || answer.body === null) return new Response(answer.body, { headers })
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>()
    context.waitUntil(pipe(answer.body.getReader(), writable.getWriter()))
    return new Response(readable, { headers })
  },
}

async function pipe (
  reader: ReadableStreamDefaultReader<Uint8Array>,
  writer: WritableStreamDefaultWriter<Uint8Array>,
): Promise<void> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) await writer.write(step.value)
  await writer.close()
}
