// Records on this device: in IndexedDB, or in memory until the page closes if the browser has none.
import { upgrade } from './schema.js'

/** @typedef {'conversations' | 'turns' | 'files' | 'drafts'} StoreName */
/** @typedef {Readonly<Record<string, unknown>>} StoredRecord */

const version = 2
/** @type {ReadonlyMap<StoreName, Map<string, StoredRecord>>} */
const memory = new Map([['conversations', new Map()], ['turns', new Map()], ['files', new Map()], ['drafts',
  new Map()]])
/** @type {Promise<IDBDatabase | null> | null} */
let opened = null
/** @type {() => void} */
let onBlocked = () => undefined

/** @param {() => void} listener called if another tab with an older page keeps the database */
export function whenBlocked (listener) {
  onBlocked = listener
}

/**
 * @template {object} Row
 * @param {StoreName} name
 * @param {{ index: string, value: string } | { below: string, after?: string | undefined }} range the records with
 *   this value; or those whose key begins with `below`, without those up to the key `[below, after]`
 * @param {number} [count] at most
 * @returns {Promise<Row[]>} by their keys
 */
export async function allOf (name, range, count) {
  return within(name, 'readonly',
    store =>
      'index' in range
        ? store.index(range.index).getAll(range.value, count)
        : store.getAll(IDBKeyRange.bound([range.below, range.after ?? ''], [range.below, []], true), count),
    records => {
      const found = 'index' in range
        ? [...records.values()].filter(record => record[range.index] === range.value)
        : [...records].filter(([key]) =>
          key.startsWith(`${range.below} `) && key > `${range.below} ${range.after ?? ''}`
        ).sort(([a], [b]) => a < b ? -1 : 1).map(([, record]) => record)
      return copy(found.slice(0, count))
    })
}

/**
 * @template {object} Row
 * @param {StoreName} name
 * @param {string | readonly [string, string]} key
 * @returns {Promise<Row | undefined>}
 */
export async function one (name, key) {
  return within(name, 'readonly', store => store.get(/** @type {IDBValidKey} */ (key)),
    records => copy(records.get(keyText(key)) ?? null) ?? undefined)
}

/**
 * All of them or none.
 * @param {StoreName} name
 * @param {readonly object[]} records at least one
 * @returns {Promise<unknown>}
 */
export function putAll (name, records) {
  // The database makes its own copies, of large files too.
  return within(name, 'readwrite', store => records.map(record => store.put(record)).at(-1), kept => {
    for (const record of /** @type {StoredRecord[]} */ (copy(records))) kept.set(keyOf(name, record), record)
  })
}

/**
 * @param {StoreName} name
 * @param {object} record
 * @returns {Promise<unknown>}
 */
export function put (name, record) {
  return putAll(name, [record])
}

/**
 * @param {StoreName} name
 * @param {string} key
 * @returns {Promise<unknown>}
 */
export function remove (name, key) {
  return within(name, 'readwrite', store => store.delete(key), records => records.delete(key))
}

/**
 * Removes the records that belong to a conversation.
 * @param {'turns' | 'files'} name
 * @param {string} conversation its id
 * @returns {Promise<unknown>}
 */
export function removeOf (name, conversation) {
  return within(name, 'readwrite', store => {
    if (name === 'turns') return store.delete(IDBKeyRange.bound([conversation], [conversation, []]))
    const request = store.index('conversation').openKeyCursor(conversation)
    request.onsuccess = () => {
      const cursor = request.result
      if (cursor === null) return
      store.delete(cursor.primaryKey)
      cursor.continue()
    }
    return request
  }, records => {
    for (const [key, record] of records) if (record['conversation'] === conversation) records.delete(key)
  })
}

/**
 * @template Kept
 * @param {StoreName} name
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => IDBRequest | undefined} work
 * @param {(records: Map<string, StoredRecord>) => Kept} withoutDatabase
 * @returns {Promise<any>}
 */
async function within (name, mode, work, withoutDatabase) {
  opened ??= open()
  const database = await opened
  if (database === null) return withoutDatabase(memory.get(name) ?? new Map())
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(name, mode)
    const request = work(transaction.objectStore(name))
    transaction.oncomplete = () => resolve(request?.result)
    transaction.onabort = () => reject(transaction.error ?? new Error('The device has no room left'))
  })
}

/** @returns {Promise<IDBDatabase | null>} */
function open () {
  return new Promise(resolve => {
    /** @type {IDBOpenDBRequest} */
    let request
    try {
      request = window.indexedDB.open('copilot-proxy', version)
    } catch {
      return resolve(null)
    }
    request.onupgradeneeded = event => upgrade(request, event.oldVersion)
    request.onblocked = () => onBlocked()
    request.onsuccess = () => {
      const database = request.result
      // A newer page in another tab wants to change the database: this one opens it again when it is needed.
      database.onversionchange = () => {
        database.close()
        opened = null
      }
      resolve(database)
    }
    request.onerror = () => resolve(null)
  })
}

/**
 * @param {StoreName} name
 * @param {Readonly<Record<string, unknown>>} record
 */
function keyOf (name, record) {
  const id = String(record['id'])
  return name === 'turns' ? keyText([String(record['conversation']), id]) : id
}

/** @param {string | readonly [string, string]} key */
function keyText (key) {
  return typeof key === 'string' ? key : key.join(' ')
}

/**
 * @template Value
 * @param {Value} value
 * @returns {Value}
 */
function copy (value) {
  return JSON.parse(JSON.stringify(value))
}
