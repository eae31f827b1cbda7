// The clients of a measurement, in a separate process. Over IPC it gets one job at a time: how many calls, how many at
// once. It reports for each call the time to its first byte and whether it was whole.
import { Agent, request } from 'undici'

export interface Job {
  readonly url: string
  readonly key: string
  readonly headers?: Readonly<Record<string, string>>
  readonly method?: 'GET' | 'POST'
  readonly body:
    | string
    | null
  /** Keys and addresses, used in turn, if the calls are of different users. */
  readonly who?: ReadonlyArray<{ readonly url: string, readonly key: string }>
  readonly count: number
  readonly atOnce: number
  /** The end of a whole answer, without white space. */
  readonly endsWith: string
  /** Only opens streams and holds them until the next job of this kind. Replies when each has had its first byte. */
  readonly hold?: boolean
}
export interface Done {
  readonly seconds: number
  readonly failed: number
  readonly reasons: readonly string[]
  readonly firstByteMs: readonly number[]
  readonly bytes: number
}

const dispatcher = new Agent({ connections: null, keepAliveTimeout: 60_000 })
let held = new AbortController()

process.on('message', (job: Job) => {
  void run(job).then(done => process.send?.({ done }))
})
process.on('disconnect', () => process.exit(0))
process.send?.({ port: 0 })

async function run (job: Job): Promise<Done> {
  const firstByteMs: number[] = []
  const reasons = new Set<string>()
  let bytes = 0
  let failed = 0
  let next = 0
  held.abort()
  held = new AbortController()
  const from = performance.now()
  await Promise.all(Array.from({ length: job.atOnce }, async () => {
    while (next < job.count) {
      await one(next++).catch((thrown: unknown) => {
        failed++
        reasons.add(String(thrown).slice(0, 200))
      })
    }
  }))
  return { seconds: (performance.now() - from) / 1_000, failed, reasons: [...reasons].slice(0, 3), firstByteMs, bytes }

  async function one (at: number): Promise<void> {
    const { url, key } = job.who?.[at % job.who.length] ?? job
    const began = performance.now()
    const { statusCode, body } = await request(url, {
      method: job.method ?? 'POST',
      headers: { authorization: `Bearer ${key}`, ...job.headers,
        ...(job.body === null ? {} : { 'content-type': 'application/json' }) },
      body: job.body,
      dispatcher,
      headersTimeout: 60_000,
      ...(job.hold === true ? { signal: held.signal } : {}),
    })
    await new Promise<void>((resolve, reject) => {
      let isFirst = true
      let tail = ''
      body.on('data', (chunk: Buffer) => {
        bytes += chunk.length
        if (isFirst) {
          firstByteMs.push(performance.now() - began)
          isFirst = false
          if (job.hold === true) resolve()
        }
        tail = chunk.length > 64
          ? chunk.toString('latin1', chunk.length - 64)
          : (tail + chunk.toString('latin1')).slice(-64)
      }).on('end', () => {
        if (statusCode === 200 && tail.trimEnd().endsWith(job.endsWith)) resolve()
        else reject(new Error(`${statusCode}, ends in ${JSON.stringify(tail)}`))
      }).on('error', reject)
    })
  }
}
