// A GitHub and a Copilot that answer only what a case specifies. They are written from the reference only and use
// nothing of the emulator or the product, so that they share no mistake with either.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json as readJson } from 'node:stream/consumers'
import type { Json } from '../../fixtures/http.ts'
import { broken } from './assertions.ts'
import type { ListedModel, Refusal, Scripted } from './case.ts'
import { modelList } from './model-list.ts'
import { speak } from './say.ts'
import { upstreamRules } from './upstream-rules.ts'

export interface ModelCall {
  readonly path: string
  readonly headers: Readonly<Record<string, unknown>>
  readonly body: Json
  readonly accepted: boolean
}

/** A seat of one case. */
export interface Seat {
  readonly githubToken: string
  readonly calls: ModelCall[]
  /** Sets the answers of the next calls; the last one repeats. Forgets the calls so far. */
  readonly begin: (script: readonly Scripted[]) => void
}
export interface Copilot {
  readonly origin: string
  /** The settings that point a gateway at it. */
  readonly env: Readonly<Record<string, string>>
  readonly addSeat: (models: readonly ListedModel[], refuse: readonly Refusal[]) => Seat
  readonly close: () => Promise<void>
}
interface Served extends Seat {
  readonly token: string
  readonly models: readonly ListedModel[]
  readonly refuse: readonly Refusal[]
  readonly next: () => Scripted
}
interface Answer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body: string
  readonly type: string
  readonly cut?: boolean
}

const usual: Scripted = { say: { text: 'ok then.' } }
const modelPaths: ReadonlySet<string> = new Set(['/chat/completions', '/responses', '/v1/messages'])

export async function startCopilot (): Promise<Copilot> {
  const seats = new Map<string, Served>()
  const server = createServer((request, response) => {
    serve(seats, request).then(answer => {
      write(response, answer)
    }, (thrown: unknown) => {
      response.writeHead(500).end(String(thrown))
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    origin,
    env: { GITHUB_BASE_URL: `${origin}/github`, GITHUB_API_BASE_URL: `${origin}/api`,
      COPILOT_API_BASE_URL: `${origin}/copilot` },
    addSeat (models, refuse) {
      const seat = createSeat(`seat${seats.size}`, models, refuse)
      seats.set(seat.githubToken, seat).set(seat.token, seat)
      return seat
    },
    async close () {
      server.closeAllConnections()
      await new Promise(resolve => server.close(resolve))
    },
  }
}

function createSeat (id: string, models: readonly ListedModel[], refuse: readonly Refusal[]): Served {
  let script: readonly Scripted[] = []
  let at = 0
  const calls: ModelCall[] = []
  return {
    githubToken: `gho_${id.padEnd(36, 'x')}`,
    token: `tid=${id};sku=copilot_for_individuals;st=dotcom:0123456789abcdef`,
    calls,
    models,
    refuse,
    begin (answers) {
      script = answers
      at = 0
      calls.length = 0
    },
    next: () => script[at++] ?? script.at(-1) ?? usual,
  }
}

async function serve (seats: ReadonlyMap<string, Served>, request: IncomingMessage): Promise<Answer> {
  const path = (request.url ?? '').split('?', 1)[0] ?? ''
  const seat = seats.get((request.headers.authorization ?? '').replace(/^(?:token|bearer) /i, ''))
  if (seat === undefined) return { status: 401, body: 'unauthorized\n', type: 'text/plain' }
  switch (path) {
    case '/api/copilot_internal/v2/token':
      return json(exchanged(seat, request))
    case '/api/copilot_internal/user':
      return json({ login: 'someone', copilot_plan: 'individual', quota_snapshots: {} })
    case '/copilot/models':
      return json(modelList(seat.models))
    default:
      return modelPaths.has(path.slice('/copilot'.length))
        ? answer(seat, path.slice('/copilot'.length), request)
        : { status: 404, body: '404 page not found\n', type: 'text/plain' }
  }
}

function exchanged ({ token }: Served, { headers }: IncomingMessage): Json {
  return { token, expires_at: Math.floor(Date.now() / 1_000) + 1_500, refresh_in: 1_200,
    endpoints: { api: `http://${headers.host ?? ''}/copilot` }, chat_enabled: true }
}

async function answer (seat: Served, path: string, request: IncomingMessage): Promise<Answer> {
  const body = await readJson(request) as Json
  const refusal = addressRefusal(seat.models, path, body) ?? caseRefusal(seat, path, body)
  seat.calls.push({ path, headers: request.headers, body, accepted: refusal === null })
  return refusal === null ? written(seat.next(), path, body) : json({ error: refusal }, { status: 400 })
}

/** Copilot's own message for a model that it lacks, or lacks at this address. */
function addressRefusal (models: readonly ListedModel[], path: string, { model: id }: Json): Json {
  const model = models.find(listed => listed.id === id)
  if (model === undefined) {
    return { message: 'The requested model is not supported.', code: 'model_not_supported', param: 'model',
      type: 'invalid_request_error' }
  }
  return (model.endpoints ?? ['/chat/completions']).includes(path)
    ? null
    : { message: `model "${id}" is not accessible via the ${path} endpoint`, code: 'unsupported_api_for_model' }
}

function caseRefusal ({ models, refuse }: Served, path: string, body: Json): Json {
  const rules = upstreamRules({ path, isClaude: isClaude(models, body.model) })
  for (const one of refuse) {
    if (typeof one !== 'string') {
      if (broken([one], body, rules).length === 0) {
        return { message: one.message ?? 'refused', code: 'invalid_request_body' }
      }
    } else if (rules[one] !== undefined) {
      const reason = rules[one](body)
      if (reason !== null) return { message: `${one}: ${reason}`, code: 'invalid_request_body' }
    } else if (body[one] !== undefined) {
      return {
        message: path === '/v1/messages'
          ? `${one}: Extra inputs are not permitted`
          : `Unsupported parameter: '${one}' is not supported with this model.`,
        code: 'invalid_request_body',
        param: one,
      }
    }
  }
  return null
}

export function isClaude (models: readonly ListedModel[], id: string): boolean {
  return id.startsWith('claude') || models.find(model => model.id === id)?.vendor === 'Anthropic'
}

function written (scripted: Scripted, path: string, body: Json): Answer {
  const { status, headers, cut } = scripted
  const { json: whole, sse } = scripted.say === undefined ? scripted : speak(scripted.say, path, body)
  const more = { ...status !== undefined && { status }, ...headers !== undefined && { headers },
    ...cut !== undefined && { cut } }
  if (sse !== undefined) {
    return { body: sse.map(event => framed(event, path)).join(''), type: 'text/event-stream', ...more }
  }
  return whole === undefined ? { body: scripted.text ?? '', type: 'text/plain', ...more } : json(whole, more)
}

/** Chat has only data; the other two name each event by its type. */
function framed (event: Json, path: string): string {
  const name = path !== '/chat/completions' && typeof event?.type === 'string' ? `event: ${event.type}\n` : ''
  return `${name}data: ${typeof event === 'string' ? event : JSON.stringify(event)}\n\n`
}

function json (value: Json, more: Partial<Answer> = {}): Answer {
  return { body: JSON.stringify(value), type: 'application/json', ...more }
}

function write (response: ServerResponse, { status = 200, headers, body, type, cut }: Answer): void {
  response.writeHead(status, { 'content-type': type, ...headers })
  if (cut !== true) {
    response.end(body)
    return
  }
  // A stream loses its end, a whole answer its second half.
  const sent = type === 'text/event-stream' ? body : body.slice(0, Math.floor(body.length / 2))
  response.write(sent, () => {
    setImmediate(() => response.destroy())
  })
}
