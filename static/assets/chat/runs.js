// The answers that are under way, one per conversation. Each run writes into its turn, and draws it if the turn is on
// the screen.
import { askModel } from './answer.js'
import { newAnswer, toRequest } from './conversation.js'
import { keepOnLeave, takeLeft } from './left.js'
/** @import { Answer, Conversation, Model, Session, Turn, TurnView } from '../types.d.ts' */

/**
 * @typedef {{
 *   session: Session, conversation: Conversation, turn: Turn, answer: Answer, model: Model, signal: AbortSignal,
 *   isContinued: boolean,
 * }} Run
 */

const saveEveryMs = 1_000
/** Longer than a server needs to answer with the next page. */
const leavingMs = 10_000
const goOn = 'Your answer above was cut off. Continue it exactly where it stops. Do not repeat any of it.'

/**
 * `viewOf` returns the turn's view if the turn is on the screen.
 * @param {{
 *   viewOf: (turn: Turn) => TurnView | undefined, save: (conversation: Conversation, turn: Turn) => Promise<void>,
 *   onEnd: (conversation: Conversation, turn: Turn, answer: Answer) => void,
 *   onLeave: (conversation: Conversation, turn: Turn) => void,
 * }} page `onLeave`: the user leaves the page during this answer
 */
export function createRuns ({ viewOf, save, onEnd, onLeave }) {
  /** @type {Map<string, { turn: Turn, conversation: Conversation, abort: AbortController }>} */
  const running = new Map()
  let leftAt = 0
  /** Browsers break the requests of a page that the user leaves, some of them before `pagehide`. */
  const isLeft = () => Date.now() - leftAt < leavingMs
  window.addEventListener('beforeunload', () => {
    leftAt = Date.now()
  })
  window.addEventListener('pagehide', () => {
    leftAt = Date.now()
    for (const { conversation, turn } of running.values()) {
      if (turn.answer) keepOnLeave(turn.id, { ...turn.answer, status: 'cut' })
      onLeave(conversation, turn)
    }
  })
  return {
    /** @param {Conversation} conversation */
    of: conversation => running.get(conversation.id)?.turn,
    /** @param {Conversation} conversation */
    stop: conversation => running.get(conversation.id)?.abort.abort(),
    /** @param {string} id */
    stopTurn (id) {
      for (const { turn, abort } of running.values()) if (turn.id === id) abort.abort()
    },
    /** @param {string} id */
    isMine: id => [...running.values()].some(({ turn }) => turn.id === id),
    stopAll () {
      for (const { abort } of running.values()) abort.abort()
    },
    /**
     * Asks the model for the turn's answer. When it returns, the turn has an answer and `draw` has drawn it.
     * @param {Session} session
     * @param {Conversation} conversation
     * @param {Turn} turn
     * @param {Model} model
     * @param {{ draw: () => void, isContinued?: boolean }} options `isContinued`: goes on with the answer that is there
     */
    start (session, conversation, turn, model, { draw, isContinued = false }) {
      const abort = new AbortController()
      const answer = (isContinued ? turn.answer : null) ?? newAnswer(model.id)
      answer.status = 'running'
      turn.answer = answer
      running.set(conversation.id, { turn, conversation, abort })
      draw()
      void run({ session, conversation, turn, answer, model, signal: abort.signal, isContinued })
    },
  }

  /** @param {Run} run */
  async function run (run) {
    const { session, conversation, turn, answer, signal } = run
    let savedAt = Date.now()
    /** @param {string} text */
    const saveNow = text => {
      if (text === '' || Date.now() - savedAt < saveEveryMs) return
      savedAt = Date.now()
      void save(conversation, turn)
    }
    const startedAt = Date.now()
    const end = await askModel({
      session,
      signal,
      body: requestOf(run),
      onText (text) {
        answer.text += text
        viewOf(turn)?.push(text)
        saveNow(text)
      },
      onReasoning (text) {
        answer.reasoning += text
        viewOf(turn)?.think(text)
        saveNow(text)
      },
    })
    const isBroken = end.status === 'failed' && end.error.code === 'connection' && (isLeft() || startedAt < leftAt)
    // A part that counted before goes on to count.
    const status = isBroken || run.isContinued && end.status === 'failed' ? 'cut' : end.status
    const { finish, usage, sources } = end
    Object.assign(answer, { status, error: end.status === 'failed' && !isBroken ? end.error : null, finish, usage,
      sources, credits: sum(answer.credits, end.credits), ms: (answer.ms ?? 0) + Date.now() - startedAt })
    running.delete(conversation.id)
    conversation.updatedAt = Date.now()
    keepOnLeave(turn.id, answer)
    onEnd(conversation, turn, answer)
    await Promise.all([save(conversation, turn), viewOf(turn)?.finish()])
    takeLeft(turn.id)
  }
}

/** @param {Run} run */
function requestOf ({ conversation, turn, answer, model, isContinued }) {
  const { turns } = conversation
  const { messages, ...body } = toRequest(conversation, turns.slice(0, turns.indexOf(turn) + 1), model)
  const rest = isContinued ? [{ role: 'assistant', content: answer.text }, { role: 'user', content: goOn }] : []
  return { ...body, messages: [...messages, ...rest] }
}

/**
 * @param {number | null} before
 * @param {number | null} more
 */
function sum (before, more) {
  return before === null ? more : before + (more ?? 0)
}
