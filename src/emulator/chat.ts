// POST /chat/completions.
import { createAnswer } from './answer.ts'
import { readChat } from './ask-chat.ts'
import { claudeBody, claudeStream } from './chat-claude.ts'
import { event, openaiBody, openaiStream } from './chat-openai.ts'
import { isFields } from './json.ts'
import { styleOf } from './model-entry.ts'
import { eventStream, json } from './reply.ts'
import { scripted } from './scripted.ts'
import type { Answer } from './answer-parts.ts'
import type { Ask } from './ask.ts'
import type { Caller } from './caller.ts'
import type { Reply, SseEvent } from './reply.ts'
import type { World } from './world.ts'

export const chat: Caller = {
  read: readChat,
  answer (world: World, ask: Ask): Reply {
    const answer = createAnswer(world, ask)
    const raw = scripted(ask, answer)
    if (raw !== null) return raw
    const now = world.now()
    const openai = styleOf(ask.model) === 'openai'
    if (ask.stream) {
      return eventStream('chat',
        ended(answer, openai ? openaiStream(ask, answer, now) : claudeStream(ask, answer, now)))
    }
    return json(200, withChoices(answer, openai ? openaiBody(ask, answer, now) : claudeBody(ask, answer, now)))
  },
}

function* ended ({ script }: Answer, events: Generator<SseEvent>): Generator<SseEvent> {
  yield* script.choices === undefined ? events : [event({ choices: script.choices, created: 0, id: '', model: '' })]
  if (script.done !== false) yield { data: '[DONE]' }
}

function withChoices ({ script }: Answer, body: object): object {
  return script.choices === undefined || !isFields(body) ? body : { ...body, choices: script.choices }
}
