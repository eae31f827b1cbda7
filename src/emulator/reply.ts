// A handler's reply, before faults and the oddities of the wire are applied.
import { toJson } from './json.ts'
import type { Dialect } from './types.ts'

/** One server-sent event. `raw` is sent byte for byte. */
export type SseEvent = { event?: string, data: string } | { raw: string }

export interface Reply {
  status: number
  headers: Record<string, string>
  body?: string
  /** Instead of a body. Events are pulled one by one, so that a flood is never held whole. */
  events?: Iterable<SseEvent>
  dialect?: Dialect
}

export function json (status: number, value: unknown, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'application/json; charset=utf-8', ...headers }, body: toJson(value) }
}

/** Go's http.Error, which Copilot's edge uses: plain text that ends in a newline. */
export function plain (status: number, message: string, headers: Record<string, string> = {}): Reply {
  return { status, headers: { 'content-type': 'text/plain; charset=utf-8', ...headers }, body: `${message}\n` }
}

/** Copilot's usual error: JSON with the content type of plain text. */
export function refuse (status: number, message: string, code = '', more: object = {}): Reply {
  return plain(status, toJson({ error: { code, message, ...more } }))
}

/** The flat error of the messages endpoint. */
export function refuseFlat (message: string, status = 400): Reply {
  return { status, headers: { 'content-type': 'application/json' }, body: toJson({ message }) }
}

export function eventStream (dialect: Dialect, events: Iterable<SseEvent>): Reply {
  return { status: 200, headers: { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' },
    events, dialect }
}
