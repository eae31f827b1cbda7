// Drafts: what the user typed and attached, but did not send. Each conversation has one, and so has each user's next
// new conversation. They survive a reload.
import { loadDraft, saveDraft } from './database.js'
import { keepOnLeave, takeLeft } from './left.js'
/** @import { Conversation, Draft } from '../types.d.ts' */

const delayMs = 400

/** @param {() => Draft} read the draft in the message box */
export function createDrafts (read) {
  /** @type {{ id: string, timer: ReturnType<typeof setTimeout> } | null} */
  let pending = null
  window.addEventListener('pagehide', () => {
    if (pending !== null) keepOnLeave(`draft ${pending.id}`, { text: read().text })
    flush()
  })
  return {
    /** @param {Conversation} conversation whose draft is in the box, and has changed */
    changed (conversation) {
      const id = idOf(conversation)
      if (pending?.id !== id) flush()
      if (pending !== null) clearTimeout(pending.timer)
      pending = { id, timer: setTimeout(flush, delayMs) }
    },
    /** Saves at once: before the box shows another draft. */
    flush,
    /**
     * @param {Conversation} conversation
     * @returns {Promise<Draft | undefined>}
     */
    async load (conversation) {
      const id = idOf(conversation)
      const saved = await loadDraft(id).catch(() => undefined)
      const text = takeLeft(`draft ${id}`)?.['text']
      return typeof text === 'string' ? { attachments: saved?.attachments ?? [], text } : saved
    },
    /** @param {Conversation} conversation whose draft was sent */
    async drop (conversation) {
      if (pending !== null) clearTimeout(pending.timer)
      pending = null
      await saveDraft(idOf(conversation), { text: '', attachments: [] }).catch(() => undefined)
    },
  }

  function flush () {
    if (pending === null) return
    clearTimeout(pending.timer)
    // A device without room keeps no drafts: the text is still in the box.
    void saveDraft(pending.id, read()).catch(() => undefined)
    pending = null
  }
}

/** @param {Conversation} conversation */
function idOf ({ id, user, nodes }) {
  return nodes.length === 0 ? `new ${user}` : id
}
