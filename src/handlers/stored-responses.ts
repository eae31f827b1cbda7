// GET and DELETE /v1/responses/:id, and GET …/input_items: the answers of the last hour that this process, or another
// one of the deployment, remembers of the user. Copilot stores none. docs/spec/translation.md#response-store
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Dialect } from '../dialects/contract/dialect.ts'
import type { RememberedResponse } from '../dialects/contract/memory.ts'
import { GatewayError } from '../errors.ts'
import { isObject, list, text, type JsonObject } from '../json.ts'
import { eventStreamHeaders } from '../relay/stream.ts'
import { accountOf } from './api-body.ts'
import { newId } from './plan-answer.ts'
import { json } from './reply.ts'

const maxListed = 100

export function getResponse (core: Core, dialect: Dialect): Handler {
  const { clock } = core
  return async call => {
    const { response } = await find(core, call)
    if (call.query.get('stream') !== 'true' || dialect.toStream === undefined) return json(200, response)
    const options = { facts: dialect.inspect({ input: '' }), model: text(response['model']), now: clock.now, newId }
    const stream = dialect.toStream(response, options)
    return { status: 200, headers: eventStreamHeaders, body: eventsAfter(stream, call.query.get('starting_after')) }
  }
}

export function deleteResponse (core: Core): Handler {
  return async call => {
    const id = call.params['id'] ?? ''
    const { response } = await find(core, call)
    const account = accountOf(call)
    core.responses(account.owner).forget(id)
    const items = list(response['output']).filter(isObject).map(item => text(item['id']))
    await core.hot?.recall.forget(account, id, items)
    return json(200, { id, object: 'response.deleted', deleted: true })
  }
}

export function listInputItems (core: Core, dialect: Dialect): Handler {
  return async call => {
    const found = await find(core, call)
    const { data, hasMore } = page(dialect.listInput?.(found) ?? [], call.query)
    return json(200, { object: 'list', data, first_id: data[0]?.['id'] ?? null, last_id: data.at(-1)?.['id'] ?? null,
      has_more: hasMore })
  }
}

/**
 * Another process may have made the response, or deleted it: then this one forgets it too.
 * @throws {GatewayError} `not_found`
 */
async function find ({ responses, hot }: Core, call: Call): Promise<RememberedResponse> {
  const id = call.params['id'] ?? ''
  const account = accountOf(call)
  const remembered = responses(account.owner)
  if (hot !== null && await hot.recall.isDeleted(account, id)) remembered.forget(id)
  else await hot?.recall.responses(account, { responses: [id], items: [] }, remembered)
  const found = remembered.response(id)
  if (found === undefined) throw notFound(id)
  return found
}

function notFound (id: string): GatewayError {
  return new GatewayError('not_found', `Response with id '${id.slice(0, 80)}' not found.`, { param: 'id' })
}

/** @param stream events that are numbered from 0 */
function eventsAfter (stream: string, after: string | null): string {
  if (after === null || !/^\d{1,9}$/.test(after)) return stream
  return stream.split(/(?<=\n\n)/).slice(Number(after) + 1).join('')
}

/** Newest first, unless the client asks for `order=asc`. @throws {GatewayError} `invalid_request` */
function page (items: readonly JsonObject[], query: URLSearchParams) {
  const limit = Number(query.get('limit') ?? 20)
  if (!Number.isInteger(limit) || limit < 1 || limit > maxListed) {
    throw new GatewayError('invalid_request', `\`limit\` must be a number from 1 to ${maxListed}.`, { param: 'limit' })
  }
  const ordered = query.get('order') === 'asc' ? items : items.toReversed()
  const after = query.get('after')
  const before = after === null ? -1 : ordered.findIndex(({ id }) => id === after)
  if (after !== null && before < 0) {
    throw new GatewayError('invalid_request', '`after` must be the id of an item of this list.', { param: 'after' })
  }
  const rest = ordered.slice(before + 1)
  return { data: rest.slice(0, limit), hasMore: rest.length > limit }
}
