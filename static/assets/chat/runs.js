// The answers that are under way, one per conversation. Each run writes into its turn, and draws it if the turn is on
// the screen.
import { askModel } from './answer.js'
import { newAnswer, toRequest } from './conversation.js'
/** @import { Answer, Conversation, Model, Session, Turn, TurnView } from '../types.d.ts' */

const saveEveryMs = 1_000

/**
 * `viewOf` returns the turn's view if the turn is on the screen.
 * @param {{
 *   viewOf: (turn: Turn) => TurnView | undefined, save: (conversation: Conversation) => Promise<void>,
 *   onEnd: (conversation: Conversation, answer: Answer) => void,
 * }} page
 */
export function createRuns ({ viewOf, save, onEnd }) {
  /** @type {Map<string, AbortController>} */
  const running = new Map()
  return {
    /** @param {Conversation} conversation */
    of: conversation => running.get(conversation.id),
    /** @param {Conversation} conversation */
    stop: conversation => running.get(conversation.id)?.abort(),
    stopAll () {
      for (const run of running.values()) run.abort()
    },
    /**
     * Asks the model for the last turn's answer. When it returns, the turn has an answer and `draw` has drawn it.
     * @param {Session} session
     * @param {Conversation} conversation
     * @param {Turn} turn
     * @param {Model} model
     * @param {() => void} draw
     */
    start (session, conversation, turn, model, draw) {
      const abort = new AbortController()
      const answer = turn.answer = newAnswer(model.id)
      running.set(conversation.id, abort)
      draw()
      void run({ session, conversation, turn, answer, model, signal: abort.signal })
    },
  }

  /**
   * @param {{ session: Session, conversation: Conversation, turn: Turn, answer: Answer, model: Model, signal:
   * AbortSignal }} run
   */
  async function run ({ session, conversation, turn, answer, model, signal }) {
    let savedAt = Date.now()
    const saveNow = () => {
      if (Date.now() - savedAt < saveEveryMs) return
      savedAt = Date.now()
      void save(conversation)
    }
    const end = await askModel({
      session,
      signal,
      body: toRequest(conversation, conversation.turns.slice(0, conversation.turns.indexOf(turn) + 1), model),
      onText (text) {
        answer.text += text
        viewOf(turn)?.push(text)
        saveNow()
      },
      onReasoning (text) {
        answer.reasoning += text
        viewOf(turn)?.think(text)
        saveNow()
      },
    })
    const { status, finish, usage, credits, sources } = end
    Object.assign(answer, { status, error: end.status === 'failed' ? end.error : null, finish, usage, credits, sources,
      ms: Date.now() - answer.startedAt })
    running.delete(conversation.id)
    conversation.updatedAt = Date.now()
    onEnd(conversation, answer)
    await viewOf(turn)?.finish()
    await save(conversation)
  }
}
