// The conversations on this device: in IndexedDB, or in memory until the page closes if the browser has none. Files
// have a store of their own, so that listing the conversations loads no pictures.
/** @import { Attachment, Conversation } from '../types.d.ts' */

/** @typedef {{ id: string, conversation: string, data: string | undefined }} StoredFile */

/** @type {{ conversations: Map<string, Conversation>, files: Map<string, StoredFile> }} */
const memory = { conversations: new Map(), files: new Map() }
/** @type {Promise<IDBDatabase | null> | null} */
let opened = null

/**
 * @param {string} user
 * @returns {Promise<Conversation[]>} all of the user's conversations, without the data of their files
 */
export async function listConversations (user) {
  return within('conversations', 'readonly', store => store.index('user').getAll(user),
    () => [...memory.conversations.values()].filter(one => one.user === user).map(one => copy(one)))
}

/** @param {Conversation} conversation */
export async function saveConversation (conversation) {
  const turns = conversation.turns.map(turn => ({ ...turn,
    attachments: turn.attachments.map(file => ({ ...file, data: undefined })) })
  )
  const bare = copy({ ...conversation, turns })
  await within('conversations', 'readwrite', store => store.put(bare), () => {
    memory.conversations.set(bare.id, bare)
  })
}

/**
 * @param {string} conversation its id
 * @param {readonly Attachment[]} attachments
 */
export async function saveFiles (conversation, attachments) {
  for (const { id, data } of attachments) {
    const file = { id, conversation, data }
    await within('files', 'readwrite', store => store.put(file), () => {
      memory.files.set(id, file)
    })
  }
}

/**
 * Fills in the data of the conversation's files.
 * @param {Conversation} conversation
 */
export async function loadFiles (conversation) {
  /** @type {StoredFile[]} */
  const files = await within('files', 'readonly', store => store.index('conversation').getAll(conversation.id),
    () => [...memory.files.values()].filter(file => file.conversation === conversation.id))
  const dataById = new Map(files.map(file => [file.id, file.data]))
  for (const { attachments } of conversation.turns) for (const file of attachments) file.data ??= dataById.get(file.id)
}

/** @param {string} id */
export async function deleteConversation (id) {
  const files = await within('files', 'readonly', store => store.index('conversation').getAllKeys(id),
    () => [...memory.files.values()].filter(file => file.conversation === id).map(file => file.id))
  for (const key of files) {
    await within('files', 'readwrite', store => store.delete(key), () => {
      memory.files.delete(String(key))
    })
  }
  await within('conversations', 'readwrite', store => store.delete(id), () => {
    memory.conversations.delete(id)
  })
}

/**
 * @template Result, Kept
 * @param {'conversations' | 'files'} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest<Result>} work
 * @param {() => Kept} withoutDatabase
 * @returns {Promise<Result | Kept>}
 */
async function within (name, mode, work, withoutDatabase) {
  opened ??= open()
  const database = await opened
  if (database === null) return withoutDatabase()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode)
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error ?? new Error('The device has no room left'))
  })
}

/** @returns {Promise<IDBDatabase | null>} */
function open () {
  return new Promise(resolve => {
    /** @type {IDBOpenDBRequest} */
    let request
    try {
      request = window.indexedDB.open('copilot-proxy', 1)
    } catch {
      return resolve(null)
    }
    request.onupgradeneeded = () => {
      request.result.createObjectStore('conversations', { keyPath: 'id' }).createIndex('user', 'user')
      request.result.createObjectStore('files', { keyPath: 'id' }).createIndex('conversation', 'conversation')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(null)
  })
}

/**
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
function copy (value) {
  return JSON.parse(JSON.stringify(value))
}
