// Sends questions to the model: a new one, an edited one, or the same one again. What was there stays as a version.
import { announce } from '../lib/announce.js'
import { signedIn } from '../lib/session.js'
import { t } from '../lib/text.js'
import { newTurn } from './conversation.js'
import { addTurn, nextOrder, showVersion } from './tree.js'
/** @import { Attachment, Conversation, Model, Turn } from '../types.d.ts' */
/** @import { Library } from './library.js' */

/**
 * @param {{
 *   current: () => Conversation, model: () => Model | null, isRunning: (conversation: Conversation) => boolean,
 *   library: Library, runs: ReturnType<typeof import('./runs.js').createRuns>, say: (text: string) => void,
 *   drawFrom: (turn: Turn) => void, redraw: (turn: Turn) => void, onSend: (conversation: Conversation) => void,
 *   onBegin: () => void,
 * }} page `drawFrom`: this turn and what follows; `onSend`: the draft was sent
 */
export function createAsking ({ current, model, isRunning, library, runs, say, drawFrom, redraw, onSend, onBegin }) {
  return {
    /**
     * @param {string} text
     * @param {readonly Attachment[]} attachments
     * @param {Turn | null} edited
     * @returns whether the conversation took the message; if not, the box keeps it
     */
    send (text, attachments, edited) {
      const chosen = model()
      const conversation = current()
      if (chosen === null) say(t('composer.model'))
      if (chosen === null || isRunning(conversation) || !conversation.isLoaded) return false
      if (edited === null) onSend(conversation)
      const turn = newTurn(text, attachments, { parent: edited === null ? conversation.leaf : edited.parent,
        order: nextOrder(conversation) })
      ask(turn, chosen, { withFiles: true })
      return true
    },
    /**
     * Asks the same question again, with the model that is chosen now. The answer before stays as another version,
     * unless it is empty.
     * @param {Turn} turn
     */
    retry (turn) {
      const chosen = model()
      const conversation = current()
      if (chosen === null || isRunning(conversation)) return
      const { parent, question, text, attachments, answer } = turn
      if (answer !== null && answer.text + answer.reasoning === '') {
        showVersion(conversation, turn.id, { isLeaf: true })
        return begin(turn, chosen, { draw: () => drawFrom(turn) })
      }
      ask(newTurn(text, attachments, { parent, question, order: nextOrder(conversation) }), chosen)
    },
    /** @param {Turn} turn whose answer goes on where it was cut */
    resume (turn) {
      const chosen = model()
      if (chosen === null || isRunning(current())) return
      begin(turn, chosen, { isContinued: true, draw: () => redraw(turn) })
    },
  }

  /**
   * @param {Turn} turn a new one
   * @param {Model} chosen
   * @param {{ withFiles?: boolean }} [options]
   */
  function ask (turn, chosen, options = {}) {
    addTurn(current(), turn)
    begin(turn, chosen, { ...options, draw: () => drawFrom(turn) })
  }

  /**
   * @param {Turn} turn
   * @param {Model} chosen
   * @param {{ draw: () => void, withFiles?: boolean, isContinued?: boolean }} options
   */
  function begin (turn, chosen, { draw, withFiles = false, isContinued = false }) {
    const conversation = current()
    conversation.model = chosen.id
    conversation.updatedAt = Date.now()
    void library.save(conversation)
    runs.start(signedIn(), conversation, turn, chosen, { draw, isContinued })
    void library.saveTurn(conversation, turn, { withFiles })
    onBegin()
    announce(t('chat.answering'))
  }
}
