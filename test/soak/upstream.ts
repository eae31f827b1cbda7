// GitHub and Copilot for measurements, in a separate process, as cheap as possible. The prompt describes the stream, so
// that one server serves every figure. IPC says what to count.
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json as readJson } from 'node:stream/consumers'

/** The stream that a prompt asks for. `floodBytes`: this many bytes, as fast as they are read. */
export interface Ask {
  readonly id?: string
  readonly events?: number
  readonly everyMs?: number
  readonly bytes?: number
  readonly floodBytes?: number
}
export interface UpstreamState {
  exchanges: number
  /** The moment at which upstream saw that a stream was cut, by id; milliseconds since the epoch. */
  closed: Record<string, number>
  hashes: Record<string, string>
  /** Bytes written to each flooded stream. */
  pulled: Record<string, number>
  open: number
}

const state: UpstreamState = { exchanges: 0, closed: {}, hashes: {}, pulled: {}, open: 0 }
let livesSeconds = 1_800
export const nowMs = () => performance.timeOrigin + performance.now()

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  serve(request, response).catch(() => response.destroy())
})
server.listen(0, '127.0.0.1', () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('message', (message: { take?: true, livesSeconds?: number }) => {
  if (message.livesSeconds !== undefined) livesSeconds = message.livesSeconds
  process.send?.({ state })
  if (message.take === true) Object.assign(state, { exchanges: 0, closed: {}, hashes: {}, pulled: {} })
})
process.on('disconnect', () => process.exit(0))

async function serve (request: IncomingMessage, response: ServerResponse): Promise<void> {
  const gotAt = nowMs()
  const reply = (value: unknown) => {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
  }
  if (request.url === '/copilot_internal/v2/token') {
    state.exchanges++
    return reply({ token: `tid=soaksecret${state.exchanges};exp=1:${'f'.repeat(64)}`,
      expires_at: Math.floor(Date.now() / 1_000) + livesSeconds, refresh_in: Math.max(1, livesSeconds - 300) })
  }
  if (request.url === '/models') {
    return reply({
      object: 'list',
      data: [{
        id: 'gpt-4o',
        object: 'model',
        name: 'GPT-4o',
        vendor: 'OpenAI',
        version: 'gpt-4o',
        supported_endpoints: ['/chat/completions'],
        capabilities: { family: 'gpt-4o', type: 'chat',
          limits: { max_output_tokens: 16_000, max_prompt_tokens: 128_000 },
          supports: { streaming: true, tool_calls: true } },
      }],
    })
  }
  const body = await readJson(request) as { stream?: boolean,
    messages: Array<{ content: string | Array<{ text: string }> }> }
  const content = body.messages.at(-1)?.content ?? '{}'
  const ask = JSON.parse(typeof content === 'string' ? content : content[0]?.text ?? '{}') as Ask
  if (body.stream !== true) {
    return reply({
      id: 'chatcmpl-1',
      object: 'chat.completion',
      created: 1_774_700_000,
      model: 'gpt-4o',
      choices: [{ index: 0, message: { role: 'assistant', content: 'x'.repeat(ask.bytes ?? 400) },
        finish_reason: 'stop' }],
      usage: { prompt_tokens: 10, completion_tokens: 100, total_tokens: 110 },
    })
  }
  stream(response, ask, gotAt)
}

function stream (
  response: ServerResponse,
  { id = '', events = 1, everyMs = 0, floodBytes = 0 }: Ask,
  gotAt: number,
): void {
  const hash = createHash('sha256')
  let sent = 0
  let timer: NodeJS.Timeout | undefined
  const send = (text: string) => {
    hash.update(text)
    return response.write(text)
  }
  state.open++
  response.on('close', () => {
    state.open--
    clearTimeout(timer)
    if (!response.writableFinished) state.closed[id] = nowMs()
  })
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (floodBytes > 0) return flood(response, id, floodBytes)
  const next = (): void => {
    // 180 bytes: the user, the number, the time of arrival here, the time of departure.
    send(
      chunk({ content: `${id}|${sent}|${gotAt.toFixed(2)}|${nowMs().toFixed(2)};`.padEnd(60, '.'),
        ...(sent === 0 ? { role: 'assistant' } : {}) }),
    )
    if (++sent < events) timer = setTimeout(next, everyMs)
    else {
      send(chunk({}, 'stop'))
      send('data: [DONE]\n\n')
      state.hashes[id] = hash.digest('hex')
      response.end()
    }
  }
  next()
}

function flood (response: ServerResponse, id: string, bytes: number): void {
  const text = chunk({ content: 'x'.repeat(16_000) })
  const more = (): void => {
    while ((state.pulled[id] ?? 0) < bytes) {
      state.pulled[id] = (state.pulled[id] ?? 0) + text.length
      if (!response.write(text)) return void response.once('drain', more)
    }
    response.end()
  }
  more()
}

function chunk (delta: object, finish: string | null = null): string {
  return `data: {"choices":[{"index":0,"delta":${JSON.stringify(delta)},"finish_reason":${
    JSON.stringify(finish)
  }}],"object":"chat.completion.chunk","created":1774700000,"id":"chatcmpl-1","model":"gpt-4o"}\n\n`
}
