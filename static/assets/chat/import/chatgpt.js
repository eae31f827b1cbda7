// ChatGPT's export: a list of conversations, each with a tree of messages in `mapping`. OpenAI publishes no schema;
// docs/chat.md names the samples that this reads. An unknown part is left out, with a reason.
import { t } from '../../lib/text.js'
import { fieldsOf, momentOfSeconds, text } from './fields.js'
import { toConversation } from './messages.js'
/** @import { Attachment, Conversation } from '../../types.d.ts' */
/** @import { Fields } from './fields.js' */
/** @import { Node } from './messages.js' */
/** @import { Skips } from './skips.js' */

/** @typedef {(pointer: string) => Attachment | null} FindImage the picture in the archive, if it has it */
/** @typedef {{ skips: Skips, title: string, findImage: FindImage }} Context */
/** @typedef {Pick<Node, 'text' | 'reasoning' | 'files'>} Content */

/** @type {Content} */
const nothing = { text: '', reasoning: '', files: [] }

/** @param {unknown} value */
export function isChatGpt (value) {
  return Array.isArray(value) && value.some(one => typeof fieldsOf(one).mapping === 'object')
}

/**
 * @param {Fields} value one conversation
 * @param {string} user
 * @param {Skips} skips
 * @param {FindImage} findImage
 * @returns {Conversation | null}
 */
export function readChatGpt (value, user, skips, findImage) {
  const title = text(value.title)
  const mapping = fieldsOf(value.mapping)
  if (Object.keys(mapping).length === 0) return skips.add(t('import.damaged'), title)
  const context = { skips, title, findImage }
  const fields = Object.entries(mapping).map(([id, one]) => /** @type {const} */ ([id, fieldsOf(one)]))
  const nodes = new Map(fields.map(([id, one]) => [id, readNode(id, one, context)]))
  const roots = fields.filter(([, { parent }]) => typeof parent !== 'string' || !nodes.has(parent)).map(([id]) => id)
  return toConversation({ source: 'chatgpt', user, title,
    id: text(value.conversation_id) || text(value.id) || roots[0] || title,
    createdAt: momentOfSeconds(value.create_time), updatedAt: momentOfSeconds(value.update_time ?? value.create_time),
    model: text(value.default_model_slug), system: '', isPinned: value.is_starred === true, tags: [],
    currentNode: text(value.current_node) }, nodes, roots) ?? skips.add(t('import.nothing'), title)
}

/**
 * @param {string} id
 * @param {Fields} value
 * @param {Context} context
 * @returns {Node}
 */
function readNode (id, value, context) {
  const message = fieldsOf(value.message)
  const metadata = fieldsOf(message.metadata)
  const children = Array.isArray(value.children) ? value.children.map(text) : []
  const role = roleOf(message, metadata, context)
  const content = role === null ? nothing : readContent(fieldsOf(message.content), context)
  const files = role === 'user' ? content.files : []
  if (content.files.length > files.length) context.skips.add(t('import.picture-in-answer'), context.title)
  const isEmpty = content.text + content.reasoning === '' && files.length === 0
  return { id, children, role: isEmpty ? null : role, ...content, files, model: text(metadata.model_slug),
    at: momentOfSeconds(message.create_time), error: null, isCut: message.status === 'in_progress' }
}

/**
 * @param {Fields} message
 * @param {Fields} metadata
 * @param {Context} context
 * @returns {Node['role']}
 */
function roleOf (message, metadata, { skips, title }) {
  const role = text(fieldsOf(message.author).role)
  const type = text(fieldsOf(message.content).content_type)
  if (role === '' || role === 'system' && isBlank(message.content)) return null
  if (type === 'user_editable_context' || type === 'model_editable_context') {
    return skips.add(t('import.instructions'), title)
  }
  if (metadata.is_visually_hidden_from_conversation === true || role === 'system') {
    return isBlank(message.content) ? null : skips.add(t('import.hidden'), title)
  }
  if (role === 'user') return 'user'
  const recipient = text(message.recipient) || 'all'
  if (role === 'assistant' && recipient === 'all') return 'assistant'
  // ChatGPT's page hides what the model and its tools write to each other; pictures that a tool made are answers.
  if (type === 'multimodal_text') return 'assistant'
  return skips.add(t('import.tools', { name: role === 'tool' ? text(fieldsOf(message.author).name) : recipient }),
    title)
}

/** @param {unknown} content */
function isBlank (content) {
  const { parts } = fieldsOf(content)
  return !Array.isArray(parts) || parts.every(part => part === '')
}

/**
 * @param {Fields} content
 * @param {Context} context
 * @returns {Content}
 */
function readContent (content, context) {
  const type = text(content.content_type)
  switch (type) {
    case 'text':
    case 'multimodal_text':
      return readParts(Array.isArray(content.parts) ? content.parts : [], context)
    case 'code':
      return { ...nothing, text: fence(text(content.text), text(content.language)) }
    case 'execution_output':
      return { ...nothing, text: fence(text(content.text), '') }
    case 'thoughts':
      return { ...nothing, reasoning: readThoughts(content.thoughts) }
    case 'reasoning_recap':
      return nothing
    default:
      context.skips.add(t('import.unknown', { type: type || '?' }), context.title)
      return nothing
  }
}

/**
 * @param {readonly unknown[]} parts
 * @param {Context} context
 * @returns {Content}
 */
function readParts (parts, { skips, title, findImage }) {
  /** @type {string[]} */
  const texts = []
  /** @type {Attachment[]} */
  const files = []
  for (const part of parts) {
    const { content_type: type, asset_pointer: pointer, text: words } = fieldsOf(part)
    if (typeof part === 'string') texts.push(withoutMarks(part, skips, title))
    else if (type === 'image_asset_pointer') {
      const file = findImage(text(pointer)) ?? skips.add(t('import.image'), title)
      if (file !== null) files.push(file)
    } else if (type === 'audio_transcription') texts.push(text(words))
    else skips.add(t('import.unknown', { type: text(type) || '?' }), title)
  }
  return { text: texts.filter(one => one.trim() !== '').join('\n\n'), reasoning: '', files }
}

/** ChatGPT's page puts links in the place of these marks; the export does not say which. */
const marks = /\ue200[^\ue200\ue201]*\ue201|【[^】]*†[^】]*】/g

/**
 * @param {string} words
 * @param {Skips} skips
 * @param {string} title
 */
function withoutMarks (words, skips, title) {
  return words.replace(marks, () => {
    skips.add(t('import.citation'), title)
    return ''
  })
}

/** @param {unknown} thoughts */
function readThoughts (thoughts) {
  if (!Array.isArray(thoughts)) return ''
  return thoughts.map(thought => {
    const { summary, content } = fieldsOf(thought)
    return [text(summary), text(content)].filter(Boolean).join('\n')
  }).filter(Boolean).join('\n\n')
}

/**
 * @param {string} code
 * @param {string} language
 */
function fence (code, language) {
  if (code.trim() === '') return ''
  const marks = '`'.repeat((code.match(/`{3,}/g) ?? []).reduce((most, { length }) => Math.max(most, length + 1), 3))
  return `${marks}${/^[\w+#-]+$/.test(language) && language !== 'unknown' ? language : ''}\n${code}\n${marks}`
}
