// Conversations on this device: IndexedDB, and where there is none, memory until the page closes. What is attached lies
// in a store of its own, so that listing conversations does not load pictures.

const memory = { conversations: new Map(), files: new Map() }
let opened = null

/** @returns every conversation of a user, without the data of attachments */
export async function listConversations (user) {
  return within('conversations', 'readonly', store => store.index('user').getAll(user), () => [...memory.conversations.values()].filter(one => one.user === user).map(one => structuredCopy(one)))
}

export async function saveConversation (conversation) {
  const bare = structuredCopy({ ...conversation, turns: conversation.turns.map(turn => ({ ...turn, attachments: turn.attachments.map(file => ({ ...file, data: undefined })) })) })
  return within('conversations', 'readwrite', store => store.put(bare), () => memory.conversations.set(bare.id, bare))
}

export async function saveFiles (conversation, attachments) {
  for (const { id, data } of attachments) {
    const file = { id, conversation, data }
    await within('files', 'readwrite', store => store.put(file), () => memory.files.set(id, file))
  }
}

/** Puts the data of attachments back to where they belong. */
export async function loadFiles (conversation) {
  const files = await within('files', 'readonly', store => store.index('conversation').getAll(conversation.id), () => [...memory.files.values()].filter(file => file.conversation === conversation.id))
  const byId = new Map(files.map(file => [file.id, file.data]))
  for (const { attachments } of conversation.turns) for (const file of attachments) file.data ??= byId.get(file.id)
}

export async function deleteConversation (id) {
  const files = await within('files', 'readonly', store => store.index('conversation').getAllKeys(id), () => [...memory.files.values()].filter(file => file.conversation === id).map(file => file.id))
  for (const key of files) await within('files', 'readwrite', store => store.delete(key), () => memory.files.delete(key))
  return within('conversations', 'readwrite', store => store.delete(id), () => memory.conversations.delete(id))
}

async function within (name, mode, work, without) {
  opened ??= open()
  const database = await opened
  if (database === null) return without()
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode)
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request.result)
    transaction.onabort = () => reject(transaction.error ?? new Error('The device has no room left'))
  })
}

function open () {
  return new Promise(resolve => {
    let request
    try { request = window.indexedDB.open('copilot-proxy', 1) } catch { return resolve(null) }
    request.onupgradeneeded = () => {
      request.result.createObjectStore('conversations', { keyPath: 'id' }).createIndex('user', 'user')
      request.result.createObjectStore('files', { keyPath: 'id' }).createIndex('conversation', 'conversation')
    }
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => resolve(null)
  })
}

function structuredCopy (value) {
  return JSON.parse(JSON.stringify(value))
}
