// The conversations on this device. A conversation, its turns and its files are records of their own, so that the list
// of the conversations loads neither messages nor pictures.
import { allOf, one, put, putAll, remove, removeOf } from './records.js'
import { showVersion } from './tree.js'
/** @import { Attachment, Conversation, Draft, Turn } from '../types.d.ts' */

/** @typedef {{ id: string, conversation: string, data: string | undefined }} StoredFile */
/** @typedef {Turn & { conversation: string }} StoredTurn */
/** @typedef {Conversation & { deletedAt?: number }} Marked */

/** A deleted conversation that no page has removed after this time belongs to a page that is gone. */
const maxDeletedMs = 60_000

/**
 * @param {string} user
 * @returns {Promise<Conversation[]>} all of the user's conversations, without their turns
 */
export async function listConversations (user) {
  /** @type {Marked[]} */
  const records = await allOf('conversations', { index: 'user', value: user })
  for (const { id, deletedAt } of records) {
    if (deletedAt !== undefined && Date.now() - deletedAt > maxDeletedMs) await deleteConversation(id)
  }
  return records.filter(({ deletedAt }) => deletedAt === undefined).map(bare)
}

/**
 * @param {string} id
 * @returns {Promise<Conversation | null>} without its turns; null if the device does not have it
 */
export async function findConversation (id) {
  /** @type {Marked | undefined} */
  const record = await one('conversations', id)
  return record === undefined || record.deletedAt !== undefined ? null : bare(record)
}

/** @param {Conversation} record */
function bare (record) {
  return { ...record, nodes: [], turns: [], isLoaded: false }
}

/**
 * Loads the turns, all versions of them, and shows the path that the user left.
 * @param {Conversation} conversation
 */
export async function loadTurns (conversation) {
  /** @type {StoredTurn[]} */
  const turns = await allOf('turns', { below: conversation.id })
  conversation.nodes = turns.sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  showVersion(conversation, conversation.leaf, { isLeaf: true })
  conversation.isLoaded = true
}

/**
 * @param {string} conversation
 * @param {string} turn
 * @returns {Promise<Turn | undefined>}
 */
export function loadTurn (conversation, turn) {
  return one('turns', [conversation, turn])
}

/**
 * A part of the turns of a conversation, for a search through all of them.
 * @param {string} conversation
 * @param {string | undefined} after the last turn of the part before
 * @param {number} count
 * @returns {Promise<Turn[]>}
 */
export function someTurns (conversation, after, count) {
  return allOf('turns', { below: conversation, after }, count)
}

/**
 * Saves a conversation without its turns.
 * @param {Conversation} conversation
 * @param {{ deletedAt?: number }} [mark]
 */
export async function saveConversation (conversation, mark = {}) {
  await put('conversations', { ...conversation, nodes: undefined, turns: undefined, isLoaded: undefined, ...mark })
}

/**
 * @param {string} conversation its id
 * @param {Turn} turn
 */
export async function saveTurn (conversation, turn) {
  await put('turns', stored(conversation, turn))
}

/**
 * @param {string} conversation its id
 * @param {readonly Turn[]} turns with the data of their files
 */
export async function saveTurns (conversation, turns) {
  for (const { attachments } of turns) await saveFiles(conversation, attachments)
  if (turns.length > 0) await putAll('turns', turns.map(turn => stored(conversation, turn)))
}

/**
 * @param {string} conversation
 * @param {Turn} turn
 */
function stored (conversation, turn) {
  return { ...turn, conversation, attachments: turn.attachments.map(file => ({ ...file, data: undefined })) }
}

/**
 * @param {string} conversation its id
 * @param {readonly Attachment[]} attachments
 */
export async function saveFiles (conversation, attachments) {
  for (const { id, data } of attachments) await put('files', { id, conversation, data })
}

/**
 * Fills in the data of the conversation's files.
 * @param {Conversation} conversation
 */
export async function loadFiles (conversation) {
  /** @type {StoredFile[]} */
  const files = await allOf('files', { index: 'conversation', value: conversation.id })
  const dataById = new Map(files.map(file => [file.id, file.data]))
  for (const { attachments } of conversation.nodes) for (const file of attachments) file.data ??= dataById.get(file.id)
}

/** @param {string} id */
export async function deleteConversation (id) {
  await Promise.all([removeOf('files', id), removeOf('turns', id), remove('conversations', id), remove('drafts', id)])
}

/**
 * @param {string} id
 * @returns {Promise<Draft | undefined>}
 */
export function loadDraft (id) {
  return one('drafts', id)
}

/**
 * @param {string} id
 * @param {Draft} draft
 */
export async function saveDraft (id, { text, attachments }) {
  if (text === '' && attachments.length === 0) await remove('drafts', id)
  else await put('drafts', { id, text, attachments })
}
