// Requests with `generate: false`: Codex sends its instructions and tools before the person has typed anything.
// `docs/spec/translation.md#responses-websocket`.
import type { WarmUp } from '../contract/warm-up.ts'
import { toStream } from './native/repair-answer.ts'
import { writeUsage } from './usage.ts'
import { createEcho } from './wire-response.ts'

export const warmUp: WarmUp = {
  isRequested: body => body['generate'] === false,
  response: (body, model, newId, now) => ({
    ...createEcho(body, { id: `resp_${newId()}`, createdAt: Math.floor(now / 1_000), model }),
    status: 'completed',
    completed_at: Math.floor(now / 1_000),
    usage: writeUsage(null),
  }),
  stream: response => toStream(response, {}),
}
