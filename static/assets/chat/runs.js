// Answers under way, by conversation. Each writes into its turn's record; whoever looks at it sees it grow.
import { askModel } from './answer.js'
import { newAnswer, toRequest } from './conversation.js'

const saveEveryMs = 1_000

/** @param viewOf the turn on the screen, if it is there; @param save keeps the conversation */
export function createRuns ({ viewOf, save, onEnd }) {
  const running = new Map()
  return {
    of: conversation => running.get(conversation.id),
    stop: conversation => running.get(conversation.id)?.abort(),
    stopAll () { for (const run of running.values()) run.abort() },
    /** Answers the last turn. The turn's record and the screen are ready when it returns. */
    start (session, conversation, turn, model, draw) {
      const abort = new AbortController()
      const answer = turn.answer = newAnswer(model.id)
      running.set(conversation.id, abort)
      draw()
      void run(session, conversation, turn, answer, model, abort)
    },
  }

  async function run (session, conversation, turn, answer, model, abort) {
    let savedAt = Date.now()
    const saveNow = () => {
      if (Date.now() - savedAt < saveEveryMs) return
      savedAt = Date.now()
      void save(conversation)
    }
    const end = await askModel({
      session, signal: abort.signal, body: toRequest(conversation, conversation.turns.slice(0, conversation.turns.indexOf(turn) + 1), model),
      onText (text) { answer.text += text; viewOf(turn)?.push(text); saveNow() },
      onReasoning (text) { answer.reasoning += text; viewOf(turn)?.think(text); saveNow() },
    })
    Object.assign(answer, { status: end.status, error: end.error ?? null, finish: end.finish, usage: end.usage, credits: end.credits, ms: Date.now() - answer.startedAt })
    running.delete(conversation.id)
    conversation.updatedAt = Date.now()
    onEnd(conversation, answer)
    await viewOf(turn)?.finish()
    await save(conversation)
  }
}
