// The user's conversations on this device, as this tab knows them. It writes each change to the database, and tells the
// other tabs; a change of theirs arrives by `refresh`.
import { openingOf } from './conversation.js'
import { deleteConversation, findConversation, listConversations, loadFiles, loadTurn, loadTurns, saveConversation,
  saveFiles, saveTurn, saveTurns } from './database.js'
/** @import { Conversation, Turn } from '../types.d.ts' */

/** @typedef {ReturnType<typeof createLibrary>} Library */

/**
 * @param {{
 *   changed: (conversation: string, turn?: string | null) => void, onFailure: () => void,
 * }} page `changed` tells the other tabs; `onFailure`: the device has no room
 */
export function createLibrary ({ changed, onFailure }) {
  /** @type {Map<string, Conversation>} */
  let known = new Map()
  return {
    list: () => [...known.values()],
    /** @param {string} id */
    find: id => known.get(id),
    clear () {
      known = new Map()
    },
    /** @param {string} user */
    async load (user) {
      known = new Map((await listConversations(user)).map(one => [one.id, one]))
    },
    /**
     * Loads the messages and the files.
     * @param {Conversation} conversation
     * @returns {Promise<boolean>} false without the files: the chat is still worth reading
     */
    async open (conversation) {
      if (!conversation.isLoaded) await loadTurns(conversation)
      return loadFiles(conversation).then(() => true, () => false)
    },
    /**
     * Saves a conversation without its turns. The first time adds it to the list.
     * @param {Conversation} conversation
     */
    async save (conversation) {
      if (conversation.opening === '') conversation.opening = openingOf(conversation.nodes[0])
      known.set(conversation.id, conversation)
      await kept(saveConversation(conversation))
      changed(conversation.id)
    },
    /**
     * @param {Conversation} conversation
     * @param {Turn} turn
     * @param {{ withFiles?: boolean }} [options]
     */
    async saveTurn (conversation, turn, { withFiles = false } = {}) {
      if (!known.has(conversation.id)) return
      if (withFiles) await kept(saveFiles(conversation.id, turn.attachments))
      await kept(saveTurn(conversation.id, turn))
      changed(conversation.id, turn.id)
    },
    /**
     * Takes over a conversation with all of its turns and files.
     * @param {Conversation} conversation
     */
    async take (conversation) {
      // A deleted conversation with this id may not be gone yet.
      if (!known.has(conversation.id)) await deleteConversation(conversation.id)
      await saveTurns(conversation.id, conversation.nodes)
      await this.save(conversation)
    },
    /**
     * Hides a conversation that the user deletes. It is marked in the database too, so that it stays deleted if this
     * page ends.
     * @param {Conversation} conversation
     */
    async hide (conversation) {
      known.delete(conversation.id)
      await kept(saveConversation(conversation, { deletedAt: Date.now() }))
      changed(conversation.id)
    },
    /** @param {Conversation} conversation one that was hidden */
    async purge ({ id }) {
      // An import may have brought it back.
      if (!known.has(id)) await deleteConversation(id)
    },
    /**
     * Reads again what another tab has changed.
     * @param {string} user
     * @param {string} id
     * @param {string | null} turnId
     * @returns {Promise<{ conversation: Conversation | undefined, turn: Turn | undefined, isNew: boolean }>} no
     *   conversation if it is deleted or another user's; `isNew`: this tab did not have the turn
     */
    async refresh (user, id, turnId) {
      const stored = await findConversation(id)
      const before = known.get(id)
      if (stored === null || stored.user !== user) {
        known.delete(id)
        return { conversation: undefined, turn: undefined, isNew: false }
      }
      const { nodes, turns, isLoaded, leaf } = before ?? stored
      const conversation = Object.assign(before ?? stored, { ...stored, nodes, turns, isLoaded, leaf })
      known.set(id, conversation)
      const turn = turnId === null || !isLoaded ? undefined : await loadTurn(id, turnId)
      if (turn === undefined) return { conversation, turn, isNew: false }
      const at = nodes.findIndex(one => one.id === turnId)
      if (at === -1) nodes.push(turn)
      else Object.assign(nodes[at] ?? {}, { answer: turn.answer })
      return { conversation, turn: nodes.at(at), isNew: at === -1 }
    },
  }

  /** @param {Promise<void>} saving */
  async function kept (saving) {
    await saving.catch(onFailure)
  }
}
