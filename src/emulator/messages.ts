// POST /v1/messages.
import { createAnswer } from './answer.ts'
import { readMessages } from './ask-messages.ts'
import { eventStream, json } from './reply.ts'
import { messagesBody } from './messages-object.ts'
import { messagesStream } from './messages-stream.ts'
import { scripted } from './scripted.ts'
import type { Caller } from './caller.ts'

export const messages: Caller = {
  read: readMessages,
  answer (world, ask) {
    const answer = createAnswer(world, ask)
    const raw = scripted(ask, answer)
    if (raw !== null) return raw
    return ask.stream ? eventStream('messages', messagesStream(ask, answer)) : json(200, messagesBody(ask, answer))
  },
}
