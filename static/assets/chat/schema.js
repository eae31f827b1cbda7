// The stores of the chat's database. Version 1 kept all turns inside their conversation; since version 2 each turn is a
// record, so that a list of conversations loads no messages, and an answer that arrives writes only itself.
import { openingOf } from './conversation.js'
import { toNodes } from './tree.js'
/** @import { Conversation } from '../types.d.ts' */

/**
 * @param {IDBOpenDBRequest} request
 * @param {number} from the version of the database on this device; 0 if it is new
 */
export function upgrade (request, from) {
  const { result: database, transaction } = request
  if (from < 1) {
    database.createObjectStore('conversations', { keyPath: 'id' }).createIndex('user', 'user')
    database.createObjectStore('files', { keyPath: 'id' }).createIndex('conversation', 'conversation')
  }
  if (from < 2) {
    const turns = database.createObjectStore('turns', { keyPath: ['conversation', 'id'] })
    database.createObjectStore('drafts', { keyPath: 'id' })
    if (from === 1 && transaction !== null) moveTurns(transaction.objectStore('conversations'), turns)
  }
}

/**
 * @param {IDBObjectStore} conversations
 * @param {IDBObjectStore} turns
 */
function moveTurns (conversations, turns) {
  const request = conversations.openCursor()
  request.onsuccess = () => {
    const cursor = request.result
    if (cursor === null) return
    /** @type {Conversation} */
    const { turns: path, ...fields } = cursor.value
    const nodes = toNodes(path)
    for (const turn of nodes) turns.put({ ...turn, conversation: fields.id })
    cursor.update({ ...fields, opening: openingOf(nodes[0]), isPinned: false, tags: [],
      leaf: nodes.at(-1)?.id ?? null })
    cursor.continue()
  }
}
