// GitHub and Copilot for a measurement: as light as possible, so that the figures show the gateway and not this. IPC
// sets how it answers. It discards requests without reading them.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { modelOf, streamEvents, wholeAnswer, type Path } from './answers.ts'
import { shapedEvents } from './shapes.ts'

/**
 * `events`: the number of events in a stream; 0 answers whole. `perWrite`: how many of them one write contains, 1 if
 * omitted. `everyMs`: the time between the writes, 0 for all at once. `shape`: the name of the stream's form.
 */
export interface Mode {
  readonly events: number
  readonly everyMs: number
  readonly perWrite?: number | undefined
  readonly shape?: string | undefined
  readonly livesSeconds?: number
}

const paths: readonly Path[] = ['/chat/completions', '/responses', '/v1/messages']
const streams = new Map<string, readonly Buffer[]>()
const wholes = Object.fromEntries(paths.map(path => [path, wholeAnswer(path)]))
const models = JSON.stringify({ object: 'list', data: paths.map(path => ({
  id: modelOf[path],
  object: 'model',
  name: modelOf[path],
  vendor: 'x',
  version: modelOf[path],
  model_picker_enabled: true,
  supported_endpoints: [path],
  capabilities: { family: modelOf[path], type: 'chat',
    limits: { max_output_tokens: 16_000, max_prompt_tokens: 128_000 },
    supports: { streaming: true, tool_calls: true, vision: true } },
})) })
const embeddings = JSON.stringify({ object: 'list', model: 'text-embedding-3-small',
  usage: { prompt_tokens: 640, total_tokens: 640 },
  data: Array.from({ length: 64 },
    (_, index) => ({ object: 'embedding', index,
      embedding: Array.from({ length: 256 }, (_, at) => Math.sin(index * 256 + at)) })) })
let mode: Mode = { events: 0, everyMs: 0 }
let tokens = 0
let phase = 0

const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  request.resume().on('end', () => {
    answer(request, response)
  })
})
server.listen(0, '127.0.0.1', 4_096, () => {
  process.send?.({ port: (server.address() as AddressInfo).port })
})
process.on('message', (message: Mode) => {
  mode = message
  process.send?.({ set: true })
})
process.on('disconnect', () => process.exit(0))

function answer ({ url = '' }: IncomingMessage, response: ServerResponse): void {
  const reply = (json: string) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(json) }).end(json)
  }
  if (url === '/copilot_internal/v2/token') {
    return reply(
      JSON.stringify({ token: `tid=bench${++tokens};exp=1:${'f'.repeat(64)}`,
        expires_at: Math.floor(Date.now() / 1_000) + 86_400, refresh_in: 80_000 }),
    )
  }
  if (url === '/models') return reply(models)
  if (url === '/embeddings') return reply(embeddings)
  const path = paths.find(each => each === url)
  if (path === undefined) return reply('{"login":"bench","copilot_plan":"individual"}')
  if (mode.events === 0) return reply(wholes[path] ?? '')
  const events = writesOf(path, mode)
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  if (mode.everyMs === 0) {
    for (const event of events) response.write(event)
    response.end()
  } else pace(response, events, mode.everyMs)
}

/** What goes out in a write, made once for each mode. */
function writesOf (path: Path, { events, perWrite = 1, shape }: Mode): readonly Buffer[] {
  const key = `${path} ${events} ${perWrite} ${shape}`
  const known = streams.get(key)
  if (known !== undefined) return known
  const each = shape === undefined ? streamEvents(path, events) : shapedEvents(shape, events)
  const writes = Array.from({ length: Math.ceil(each.length / perWrite) },
    (_, at) => Buffer.concat(each.slice(at * perWrite, (at + 1) * perWrite)))
  streams.set(key, writes)
  return writes
}

/** Streams of different users are not in step: each begins at its own moment. */
function pace (response: ServerResponse, events: readonly Buffer[], everyMs: number): void {
  let next = 0
  let timer = setTimeout(() => {
    timer = setInterval(() => {
      const event = events[next++]
      if (event !== undefined) return void response.write(event)
      clearInterval(timer)
      response.end()
    }, everyMs)
  }, phase++ % everyMs)
  response.on('close', () => {
    clearInterval(timer)
  })
}
