// POST /responses.
import { createAnswer } from './answer.ts'
import { eventStream, json } from './reply.ts'
import { readResponses } from './ask-responses.ts'
import { itemsOf, toItem, toResponse } from './responses-object.ts'
import { responsesStream } from './responses-stream.ts'
import { scripted } from './scripted.ts'
import type { Caller } from './caller.ts'

export const responses: Caller = {
  read: readResponses,
  answer (world, ask) {
    const answer = createAnswer(world, ask)
    const raw = scripted(ask, answer)
    if (raw !== null) return raw
    if (ask.stream) return eventStream('responses', responsesStream(ask, answer, world.now()))
    return json(200, toResponse(ask, answer, itemsOf(ask, answer).map(item => toItem(item, answer, true)), world.now()))
  },
}
