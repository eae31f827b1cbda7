// Copilot's API host: checks every call before a model answers, probably in the order of the real host.
import { authenticate } from './auth.ts'
import { autoDiscount, serveAuto } from './auto.ts'
import { chooseBackend } from './backends.ts'
import { charge, costOf, quotaHeaders, refuseForQuota } from './quota.ts'
import { chat } from './chat.ts'
import { checkEmbeddings, embed } from './embeddings.ts'
import { fields, isFields, text } from './json.ts'
import { findModel } from './model-list.ts'
import { hex, uuid } from './random.ts'
import { messages } from './messages.ts'
import { plain, refuse } from './reply.ts'
import { refuseByRules } from './rules/rules.ts'
import { refuseModel, unsupported } from './refuse-model.ts'
import { responses } from './responses.ts'
import { serveModels } from './models.ts'
import type { Ask } from './ask.ts'
import type { Caller } from './caller.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

const callers: Record<string, Caller> = { '/chat/completions': chat, '/responses': responses, '/v1/messages': messages }

export function serveCopilot (world: World, request: RecordedRequest): Reply {
  const reply = route(world, request)
  return { ...reply, headers: { ...edgeHeaders(request), ...reply.headers } }
}

function route (world: World, request: RecordedRequest): Reply {
  const { method, path } = request
  if (path === '/_ping') return plain(200, 'OK')
  const seat = authenticate(world, request)
  if ('status' in seat) return seat
  if (/^\/models(?:\/|$)/.test(path) && (method === 'GET' || path.endsWith('/policy'))) {
    return serveModels(world, request, seat)
  }
  if (method === 'POST' && path === '/auto') return serveAuto(world, request, seat)
  if (method !== 'POST' || (path !== '/embeddings' && callers[path] === undefined)) {
    return plain(404, '404 page not found')
  }
  if (Buffer.byteLength(request.body) > world.strict.maxBodyBytes) return tooLarge(world)
  if (!isFields(request.json)) return plain(400, 'Bad Request')
  return callModel(world, request, seat)
}

function callModel (world: World, request: RecordedRequest, seat: Seat): Reply {
  const model = findModel(world.models, idOf(request, seat))
  const refusal = refuseModel(world, request, seat, model)
  if (refusal !== null || model === undefined) return refusal ?? unsupported()
  const caller = callers[request.path]
  if (caller === undefined) return checkEmbeddings(world, request, model) ?? embed(request, model)
  const ask: Ask = { ...caller.read(request, seat, model), backend: chooseBackend(world, model), cachedShare: 0 }
  const wrong = refuseByRules(world, ask)
  if (wrong !== null) return wrong
  const discount = request.headers['copilot-session-token'] === undefined ? 0 : autoDiscount
  const cost = Number((costOf(seat, model, request.headers['x-initiator']) * (1 - discount)).toFixed(4))
  const broke = world.strict.quota ? refuseForQuota(seat, cost) : null
  if (broke !== null) return broke
  charge(seat, model, cost)
  const reply = caller.answer(world, { ...ask, cachedShare: world.conversations.share(ask) })
  return { ...reply, headers: { ...quotaHeaders(seat, world.now()), ...reply.headers } }
}

/** If a seat of Auto names no model, it gets one on the chat endpoint. */
function idOf ({ json, path }: RecordedRequest, seat: Seat): string {
  const { model } = fields(json)
  return model === undefined && seat.autoOnly && path === '/chat/completions' ? 'gpt-4o-mini' : text(model)
}

function tooLarge ({ strict }: World): Reply {
  return strict.bodyTooLarge === 'plain'
    ? plain(413, 'Request Entity Too Large')
    : refuse(413, 'failed to parse request')
}

/** Sent with every answer, also with errors. */
function edgeHeaders (request: RecordedRequest): Record<string, string> {
  return {
    'content-security-policy': "default-src 'none'; sandbox",
    'strict-transport-security': 'max-age=31536000',
    'x-content-type-options': 'nosniff',
    'x-github-backend': 'Kubernetes',
    'x-github-request-id': ['AA70', hex(6), hex(7), hex(7), hex(8)].join(':').toUpperCase(),
    'x-request-id': request.headers['x-request-id'] ?? uuid(),
  }
}
