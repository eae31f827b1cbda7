// Exports conversations to a file, and imports them again. An imported file is untrusted: every field of it is checked.
import { saveJson } from '../lib/save.js'
/** @import { Answer, Attachment, Conversation, Turn } from '../types.d.ts' */

const format = 'copilot-proxy-chats'
const dataForms = {
  image: /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]*$/,
  pdf: /^data:application\/pdf;base64,[A-Za-z0-9+/=]*$/,
  text: /^/,
}

/**
 * @param {readonly Conversation[]} conversations
 * @param {string} name of the file, without its ending
 */
export function download (conversations, name) {
  saveJson(`${name}.json`,
    JSON.stringify({ format, version: 1, exportedAt: new Date().toISOString(),
      conversations: conversations.map(one => ({ ...one, user: undefined })) }, null, 1))
}

/**
 * @param {string} text
 * @param {string} user the new owner
 * @throws {Error} with a message for the user if the file is not an export
 */
export function readExport (text, user) {
  /** @type {unknown} */
  let value
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error('That file is not JSON.')
  }
  const file = fieldsOf(value)
  if (file.format !== format || !Array.isArray(file.conversations)) {
    throw new Error('That file holds no chats of this page.')
  }
  return file.conversations.map(one => readConversation(fieldsOf(one), user)).filter(one => one !== null)
}

/** @typedef {Readonly<Record<string, unknown>>} Fields */

/**
 * @param {Fields} value
 * @param {string} user
 * @returns {Conversation | null}
 */
function readConversation (value, user) {
  if (!isId(value.id) || !Array.isArray(value.turns)) return null
  return {
    id: value.id,
    user,
    title: text(value.title).slice(0, 200),
    isNamed: value.isNamed === true,
    createdAt: moment(value.createdAt),
    updatedAt: moment(value.updatedAt),
    model: text(value.model),
    system: text(value.system),
    temperature: numberOrNull(value.temperature),
    reasoning: text(value.reasoning),
    turns: value.turns.map(turn => readTurn(fieldsOf(turn))).filter(turn => turn !== null),
  }
}

/**
 * @param {Fields} turn
 * @returns {Turn | null}
 */
function readTurn (turn) {
  if (!isId(turn.id)) return null
  const files = Array.isArray(turn.attachments) ? turn.attachments : []
  return {
    id: turn.id,
    text: text(turn.text),
    attachments: files.map(file => readFile(fieldsOf(file))).filter(file => file !== null),
    answer: turn.answer ? readAnswer(fieldsOf(turn.answer)) : null,
  }
}

/**
 * @param {Fields} answer
 * @returns {Answer}
 */
function readAnswer (answer) {
  const error = fieldsOf(answer.error)
  const usage = fieldsOf(answer.usage)
  return {
    model: text(answer.model),
    text: text(answer.text),
    reasoning: text(answer.reasoning),
    finish: text(answer.finish) || null,
    status: answer.status === 'done' || answer.status === 'failed' ? answer.status : 'stopped',
    error: answer.error ? { code: text(error.code), message: text(error.message) } : null,
    usage: answer.usage
      ? { input: number(usage.input), output: number(usage.output), cached: number(usage.cached),
        reasoning: number(usage.reasoning) }
      : null,
    credits: numberOrNull(answer.credits),
    startedAt: moment(answer.startedAt),
    ms: numberOrNull(answer.ms),
  }
}

/**
 * @param {Fields} file
 * @returns {Attachment | null}
 */
function readFile ({ id, kind, name, type, size, data }) {
  if (!isId(id) || (kind !== 'image' && kind !== 'pdf' && kind !== 'text')) return null
  if (typeof data !== 'string' || !dataForms[kind].test(data)) return null
  return { id, kind, name: text(name).slice(0, 255), type: text(type), size: number(size), data }
}

/**
 * @param {unknown} value
 * @returns {Fields} those of an object; none if the value is something else
 */
function fieldsOf (value) {
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

/**
 * @param {unknown} value
 * @returns {value is string}
 */
function isId (value) {
  return typeof value === 'string' && /^[a-f0-9]{24}$/.test(value)
}

/** @param {unknown} value */
function text (value) {
  return typeof value === 'string' ? value : ''
}

/** @param {unknown} value */
function numberOrNull (value) {
  return typeof value === 'number' && Number.isFinite(value) ? value : null
}

/** @param {unknown} value */
function number (value) {
  return numberOrNull(value) ?? 0
}

/** @param {unknown} value */
function moment (value) {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value : Date.now()
}
