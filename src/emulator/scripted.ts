// Scripts that contain the whole answer: a body, or the events of a stream.
import { isFields, text, toJson } from './json.ts'
import { eventStream, json } from './reply.ts'
import type { Answer } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { Reply, SseEvent } from './reply.ts'

/** Null if the script leaves the form to the dialect. */
export function scripted (ask: Ask, { script: { chunks, body } }: Answer): Reply | null {
  if (chunks !== undefined && (ask.stream || body === undefined)) {
    return eventStream(ask.dialect, chunks.map(chunk => toEvent(ask, chunk)))
  }
  return body === undefined ? null : json(200, body)
}

/** Text is sent unchanged. The newer dialects name each event. */
function toEvent (ask: Ask, chunk: unknown): SseEvent {
  if (typeof chunk === 'string') return { raw: chunk }
  const name = ask.dialect !== 'chat' && isFields(chunk) ? text(chunk.type) : ''
  return { ...(name === '' ? {} : { event: name }), data: toJson(chunk) }
}
