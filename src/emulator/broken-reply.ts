// Turns a good reply into the broken one of a fault, as far as status, headers and content show it.
import { fields, isFields, list, parseJson, text, toJson } from './json.ts'
import { plain } from './reply.ts'
import type { Dialect } from './types.ts'
import type { Fault, StreamError } from './faults.ts'
import type { Reply, SseEvent } from './reply.ts'

/** @returns the reply to send without asking a handler, or null */
export function replyInstead (fault: Fault | undefined): Reply | null {
  switch (fault?.kind) {
    case 'status':
      return { status: fault.status,
        headers: { 'content-type': fault.contentType ?? guessType(fault.body), ...fault.headers }, body: fault.body }
    case 'html':
      return { status: fault.status ?? 502, headers: { 'content-type': 'text/html; charset=utf-8' }, body: unicorn }
    case 'redirect':
      return { ...plain(fault.status ?? 302, 'Found'), headers: { location: fault.location } }
    case 'not-json':
      return { status: 200, headers: { 'content-type': fault.contentType ?? 'application/json' },
        body: fault.body ?? '<html>not JSON' }
    default:
      return null
  }
}

/** @returns the handler's reply without the parts that the fault omits, or with other headers */
export function changeReply (reply: Reply, fault: Fault | undefined): Reply {
  if (fault?.kind === 'headers') return { ...reply, headers: { ...reply.headers, ...fault.headers } }
  if (fault?.kind !== 'omit') return reply
  const keys = fault.keys ?? []
  const headers = Object.fromEntries(
    Object.entries(reply.headers).filter(([name]) => !(fault.headers ?? []).includes(name)),
  )
  return { ...reply, headers, ...(reply.body === undefined ? {} : { body: without(reply.body, keys) }),
    ...(reply.events === undefined ? {} : { events: thinned(reply.events, fault) }) }
}

function* thinned (
  events: Iterable<SseEvent>,
  { done, terminator, keys = [] }: Extract<Fault, { kind: 'omit' }>,
): Generator<SseEvent> {
  for (const event of events) {
    if ('raw' in event) yield event
    else if (!(event.data === '[DONE]' ? done ?? terminator : terminator && isTerminator(event.data))) {
      yield { ...event, data: without(event.data, keys) }
    }
  }
}

function isTerminator (data: string): boolean {
  const value = fields(parseJson(data))
  return /^(?:message_delta|message_stop|response\.(?:completed|incomplete|failed))$/.test(text(value.type))
    || list(value.choices).some(choice => fields(choice).finish_reason !== undefined)
}

function without (body: string, keys: readonly string[]): string {
  const value = keys.length === 0 ? undefined : parseJson(body)
  if (!isFields(value)) return body
  for (const path of keys.map(key => key.split('.'))) {
    const holder = path.slice(0, -1).reduce((inner, key) => fields(inner[key]), value)
    delete holder[path.at(-1) ?? '']
  }
  return toJson(value)
}

/** Each dialect's event for a failure in the middle of a stream. */
export function errorEvent (
  dialect: Dialect,
  { code = 'internal_error', message = 'internal server error', type = 'overloaded_error' }: StreamError = {},
  form = 'event',
): SseEvent {
  if (dialect === 'chat') return { data: toJson({ error: { code, message } }) }
  if (dialect === 'messages') return { event: 'error', data: toJson({ type: 'error', error: { type, message } }) }
  if (form === 'failed') {
    return { event: 'response.failed',
      data: toJson({ type: 'response.failed', sequence_number: 99,
        response: { id: 'failed', object: 'response', status: 'failed', error: { code, message }, output: [],
          usage: null } }) }
  }
  return { event: 'error',
    data: toJson(
      form === 'nested'
        ? { type: 'error', error: { code, message } }
        : { type: 'error', code, message, param: null, sequence_number: 99 },
    ) }
}

function guessType (body: string): string {
  return /^\s*</.test(body) ? 'text/html; charset=utf-8' : 'text/plain; charset=utf-8'
}

const unicorn =
  '<!DOCTYPE html>\n<html><head><title>Unicorn! &middot; GitHub</title></head><body><h1>We had issues producing '
  + 'the response to your request.</h1></body></html>\n'
