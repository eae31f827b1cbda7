// Open WebUI's export: a list of chats, each with a tree of messages in `chat.history`. docs/chat.md names the sources.
import { t } from '../../lib/text.js'
import { newId } from '../conversation.js'
import { fieldsOf, momentOfSeconds, text } from './fields.js'
import { toConversation } from './messages.js'
/** @import { Attachment, Conversation } from '../../types.d.ts' */
/** @import { Fields } from './fields.js' */
/** @import { Node } from './messages.js' */
/** @import { Skips } from './skips.js' */

const picture = /^data:(image\/(?:png|jpeg|webp|gif));base64,[A-Za-z0-9+/=]*$/

/** @param {unknown} value */
export function isOpenWebUi (value) {
  return Array.isArray(value) && value.some(one => isHistory(one) || isHistory(fieldsOf(one).chat))
}

/** @param {unknown} chat */
function isHistory (chat) {
  const { history, messages } = fieldsOf(chat)
  return typeof fieldsOf(history).messages === 'object' || Array.isArray(messages)
}

/**
 * @param {Fields} value one chat, with its owner and dates or alone
 * @param {string} user
 * @param {Skips} skips
 * @returns {Conversation | null}
 */
export function readOpenWebUi (value, user, skips) {
  const chat = isHistory(value.chat) ? fieldsOf(value.chat) : value
  const title = text(value.title) || text(chat.title)
  const { messages, currentId } = historyOf(chat)
  const nodes = new Map(messages.map(one => [text(one.id), readNode(one, { skips, title })]))
  const roots = messages.filter(({ parentId }) => typeof parentId !== 'string' || !nodes.has(parentId)).map(({ id }) =>
    text(id)
  )
  const models = Array.isArray(chat.models) ? chat.models.map(text) : []
  const tags = [fieldsOf(value.meta).tags, chat.tags].find(Array.isArray) ?? []
  const created = value.created_at ?? Number(chat.timestamp) / 1_000
  return toConversation({ source: 'open-webui', user, title,
    id: text(value.id) || text(chat.id) || text(messages[0]?.id), createdAt: momentOfSeconds(created),
    updatedAt: momentOfSeconds(value.updated_at ?? created), model: models[0] ?? '',
    system: text(chat.system) || text(fieldsOf(chat.params).system), isPinned: value.pinned === true,
    tags: tags.map(tag => text(tag) || text(fieldsOf(tag).name)).filter(Boolean), currentNode: currentId }, nodes,
    roots) ?? skips.add(t('import.nothing'), title)
}

/**
 * Old chats have a list of messages only, in which each follows the one before.
 * @param {Fields} chat
 * @returns {{ messages: Fields[], currentId: string }}
 */
function historyOf (chat) {
  const history = fieldsOf(chat.history)
  const messages = Object.entries(fieldsOf(history.messages)).map(([id, one]) => ({ ...fieldsOf(one), id }))
  if (messages.length > 0) return { messages, currentId: text(history.currentId) }
  const list = Array.isArray(chat.messages) ? chat.messages.map(fieldsOf) : []
  const id = (/** @type {number} */ at) => list[at] === undefined ? null : text(list[at].id) || `message ${at}`
  return { currentId: id(list.length - 1) ?? '',
    messages: list.map((one, at) => ({ ...one, id: id(at), parentId: id(at - 1), childrenIds: [id(at + 1)] })) }
}

/**
 * @param {Fields} message
 * @param {{ skips: Skips, title: string }} context
 * @returns {Node}
 */
function readNode (message, { skips, title }) {
  const role = message.role === 'user' || message.role === 'assistant' ? message.role : null
  if (role === null) skips.add(t('import.role', { role: text(message.role) || '?' }), title)
  const { text: words, reasoning } = readContent(message, { skips, title })
  const { error } = message
  return { id: text(message.id), children: Array.isArray(message.childrenIds) ? message.childrenIds.map(text) : [],
    role, text: words, reasoning, model: text(message.model), at: momentOfSeconds(message.timestamp),
    files: role === 'user' ? readFiles(message.files, skips) : skipFiles(message.files, skips, title),
    isCut: message.done === false,
    error: error ? text(fieldsOf(error).content) || text(error) || t('turn.failed') : null }
}

/** Open WebUI writes reasoning and tool calls into the text of an answer, as HTML. */
const details = /<details\b[^<>]*\btype="([a-z_]+)"[^<>]*>([\s\S]*?)<\/details>\n*/g
const closing = '</details>'

/**
 * @param {Fields} message
 * @param {{ skips: Skips, title: string }} context
 */
function readContent (message, { skips, title }) {
  /** @type {string[]} */
  const thoughts = []
  const whole = text(message.content)
  // Up to the last closing tag, each opening one finds its end: the work is linear.
  const end = whole.includes(closing) ? whole.lastIndexOf(closing) + closing.length : 0
  const words = whole.slice(0, end).replace(details, (_, type, inner) => {
    if (type === 'reasoning') thoughts.push(reasoningOf(inner))
    else skips.add(t('import.tools', { name: type }), title)
    return ''
  })
  return { text: `${words}${whole.slice(end)}`.trim(), reasoning: thoughts.join('\n\n') }
}

/** @param {string} inner the lines of a quotation below a summary */
function reasoningOf (inner) {
  const body = inner.replace(/<summary>[\s\S]*?<\/summary>/, '').replaceAll('&gt;', '>').replaceAll('&lt;', '<')
    .replaceAll('&quot;', '"').replaceAll('&#x27;', "'").replaceAll('&#39;', "'").replaceAll('&amp;', '&')
  return body.replace(/^> ?/gm, '').trim()
}

/**
 * @param {unknown} files of an answer
 * @param {Skips} skips
 * @param {string} title
 * @returns {Attachment[]} none: this page shows files with questions only
 */
function skipFiles (files, skips, title) {
  if (Array.isArray(files)) files.forEach(() => skips.add(t('import.picture-in-answer'), title))
  return []
}

/**
 * @param {unknown} files
 * @param {Skips} skips
 * @returns {Attachment[]}
 */
function readFiles (files, skips) {
  if (!Array.isArray(files)) return []
  return files.flatMap(file => {
    const { type, url, name } = fieldsOf(file)
    const form = picture.exec(text(url))?.[1]
    if (type !== 'image' || form === undefined) {
      skips.add(type === 'image' ? t('import.image') : t('import.file'), text(name))
      return []
    }
    return [{ id: newId(), kind: /** @type {const} */ ('image'), name: text(name) || 'picture', type: form,
      size: Math.floor(text(url).length * 0.75), data: text(url) }]
  })
}
