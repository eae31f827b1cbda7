// Exports conversations to a file, and imports them again. An imported file is untrusted: every field of it is checked.
import { saveJson } from '../lib/save.js'
import { t } from '../lib/text.js'
import { openingOf } from './conversation.js'
import { fieldsOf, isId, moment, number, numberOrNull, text } from './import/fields.js'
import { showVersion, toNodes } from './tree.js'
/** @import { Answer, Attachment, Conversation, Source } from '../types.d.ts' */
/** @import { Fields } from './import/fields.js' */
/** @import { Skips } from './import/skips.js' */
/** @import { StoredTurn } from './tree.js' */

const format = 'copilot-proxy-chats'
const dataForms = {
  image: /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]*$/,
  pdf: /^data:application\/pdf;base64,[A-Za-z0-9+/=]*$/,
  text: /^/,
}

/**
 * Version 2 holds all versions of the turns, each with its parent. Version 1 held one list of turns.
 * @param {readonly Conversation[]} conversations
 * @param {string} name of the file, without its ending
 */
export function download (conversations, name) {
  saveJson(`${name}.json`,
    JSON.stringify({ format, version: 2, exportedAt: new Date().toISOString(),
      conversations: conversations.map(one => ({ ...one, user: undefined, isLoaded: undefined, nodes: undefined,
        turns: one.nodes })
      ) }, null, 1))
}

/** @param {unknown} value of a JSON file */
export function isExport (value) {
  return fieldsOf(value).format === format
}

/**
 * @param {unknown} value
 * @param {string} user the new owner
 * @param {Skips} skips
 * @returns {Conversation[]}
 */
export function readExport (value, user, skips) {
  const { conversations } = fieldsOf(value)
  return (Array.isArray(conversations) ? conversations : []).map(one => readConversation(fieldsOf(one), user, skips))
    .filter(one => one !== null)
}

/**
 * @param {Fields} value
 * @param {string} user
 * @param {Skips} skips
 * @returns {Conversation | null}
 */
function readConversation (value, user, skips) {
  const title = text(value.title).slice(0, 200)
  if (!isId(value.id) || !Array.isArray(value.turns)) return skips.add(t('import.damaged'), title)
  const turns = value.turns.map(turn => readTurn(fieldsOf(turn), skips)).filter(turn => turn !== null)
  const nodes = toNodes(turns)
  const tags = Array.isArray(value.tags) ? value.tags.map(text).filter(Boolean) : []
  /** @type {Conversation} */
  const conversation = {
    id: value.id,
    user,
    title,
    isNamed: value.isNamed === true,
    opening: openingOf(nodes[0]),
    createdAt: moment(value.createdAt),
    updatedAt: moment(value.updatedAt),
    model: text(value.model),
    system: text(value.system),
    temperature: numberOrNull(value.temperature),
    reasoning: text(value.reasoning),
    isPinned: value.isPinned === true,
    tags: tags.slice(0, 12).map(tag => tag.slice(0, 40)),
    ...(typeof value.search === 'boolean' ? { search: value.search } : {}),
    leaf: null,
    nodes,
    turns: [],
    isLoaded: true,
  }
  showVersion(conversation, text(value.leaf), { isLeaf: true })
  return conversation
}

/**
 * @param {Fields} turn
 * @param {Skips} skips
 * @returns {StoredTurn | null}
 */
function readTurn (turn, skips) {
  if (!isId(turn.id)) return skips.add(t('import.damaged.message'), text(turn.text))
  const files = Array.isArray(turn.attachments) ? turn.attachments : []
  return {
    id: turn.id,
    ...(turn.parent === null || isId(turn.parent) ? { parent: turn.parent } : {}),
    ...(isId(turn.question) ? { question: turn.question } : {}),
    text: text(turn.text),
    attachments: files.map(file => readFile(fieldsOf(file)) ?? skips.add(t('import.file'), text(fieldsOf(file).name)))
      .filter(file => file !== null),
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
    status: answer.status === 'done' || answer.status === 'failed' || answer.status === 'cut'
      ? answer.status
      : 'stopped',
    error: answer.error ? { code: text(error.code), message: text(error.message) } : null,
    usage: answer.usage
      ? { input: number(usage.input), output: number(usage.output), cached: number(usage.cached),
        reasoning: number(usage.reasoning) }
      : null,
    credits: numberOrNull(answer.credits),
    ...(Array.isArray(answer.sources) ? { sources: answer.sources.flatMap(readSource) } : {}),
    startedAt: moment(answer.startedAt),
    ms: numberOrNull(answer.ms),
  }
}

/**
 * @param {unknown} source
 * @returns {Source[]} none without an address; what is drawn of it is checked there
 */
function readSource (source) {
  const { url, title } = fieldsOf(source)
  return text(url) === '' ? [] : [{ url: text(url), title: text(title) }]
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
