// OpenAI's Responses over WebSocket: one `response.create` for each answer, and the events of the stream as messages.
// `docs/spec/translation.md#responses-websocket`.
import { GatewayError } from '../../errors.ts'
import type { JsonObject } from '../../json.ts'
import type { SocketForm } from '../contract/socket-form.ts'
import { fields, isGiven } from './wire.ts'

const maxLaneLength = 128

export const socket: SocketForm = {
  read,
  event: (data, lane) => lane === null ? data : `{"stream_id":${JSON.stringify(lane)},${data.slice(1)}`,
  error ({ status, headers, body }, lane) {
    const sent = Object.fromEntries(Object.entries(headers).filter(([name]) => !name.startsWith('content-')))
    const { error } = JSON.parse(typeof body === 'string' ? body : '{}') as { error?: object }
    // Codex reads the headers of the event, OpenAI's SDK those of the error.
    return JSON.stringify({ type: 'error', ...(lane === null ? {} : { stream_id: lane }), status,
      error: { ...error, headers: sent }, headers: sent })
  },
  keepAlive: '{"type":"keepalive"}',
  limitReached: 'websocket_connection_limit_reached',
}

/** `stream` and `background` mean nothing here. VS Code adds an `initiator`, which this gateway decides by itself. */
function read (message: JsonObject): ReturnType<SocketForm['read']> {
  const { type, stream_id: lane = null, generate, stream: _stream, background: _background, initiator: _initiator,
    ...body } = message
  if (type !== 'response.create') {
    throw new GatewayError('invalid_request', 'The `type` of a message must be `response.create`.', { param: 'type' })
  }
  if (isGiven(lane) && !(typeof lane === 'string' && lane !== '' && lane.length <= maxLaneLength)) {
    throw new GatewayError('invalid_request', `\`stream_id\` must be a text of at most ${maxLaneLength} characters.`, {
      param: 'stream_id',
    })
  }
  const isWarmUp = generate === false || fields(body['prompt_cache_options'])['prewarm'] === true
  return { body: { ...body, stream: true, ...(isWarmUp ? { generate: false } : {}) },
    lane: typeof lane === 'string' ? lane : null }
}
