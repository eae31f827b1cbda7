// A conversation is a list of turns: what the user wrote, and the model's answer. Pure. This module decides what a
// request contains.
import { bytes } from '../lib/format.js'
import { t } from '../lib/text.js'
import { visionOf } from './models.js'
/** @import { Answer, Attachment, Conversation, Model, Part, Turn } from '../types.d.ts' */

/** A Worker takes requests of 12 MiB; this leaves space for everything else. */
const maxDataChars = 10_000_000

/**
 * @param {string} user
 * @param {string} model
 * @returns {Conversation}
 */
export function newConversation (user, model) {
  const now = Date.now()
  return { id: newId(), user, title: '', isNamed: false, opening: '', createdAt: now, updatedAt: now, model, system: '',
    temperature: null, reasoning: '', isPinned: false, tags: [], leaf: null, nodes: [], turns: [], isLoaded: true }
}

/**
 * @param {string} text
 * @param {readonly Attachment[]} attachments
 * @param {{ parent: string | null, order: number, question?: string }} place in the tree; without a `question` it is a
 *   new one
 * @returns {Turn}
 */
export function newTurn (text, attachments, { parent, order, question }) {
  const id = newId()
  return { id, parent, question: question ?? id, order, text, attachments, answer: null }
}

/**
 * @param {string} model
 * @returns {Answer}
 */
export function newAnswer (model) {
  return { model, status: 'running', text: '', reasoning: '', error: null, finish: null, usage: null, credits: null,
    startedAt: Date.now(), ms: null }
}

/** Not `randomUUID`, which plain http:// lacks. */
export function newId () {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

/** @param {Pick<Conversation, 'title' | 'opening'>} conversation */
export function titleOf ({ title, opening }) {
  return title || opening || t('chat.new')
}

/**
 * The title of a conversation until it has one.
 * @param {Pick<Turn, 'text' | 'attachments'> | undefined} first
 */
export function openingOf (first) {
  const words = first?.text.slice(0, 300).trim().replace(/\s+/g, ' ') || first?.attachments[0]?.name || ''
  return words.length > 60 ? `${words.slice(0, 58)}…` : words
}

/**
 * The text of the answer if it is part of the conversation, else null. A stopped answer and one that a reload cut count
 * as far as they went; a failed one does not count.
 * @param {Turn} turn
 */
function answerText ({ answer }) {
  const counts = answer !== null && answer.text !== '' && ['done', 'stopped', 'cut'].includes(answer.status)
  return counts ? answer.text : null
}

/**
 * The request for the last of `turns`. It leaves out earlier turns whose answer failed. It carries the newest images,
 * as many as the model sees at once, and names the older ones.
 * @param {Conversation} conversation
 * @param {readonly Turn[]} turns
 * @param {Model} model
 */
export function toRequest (conversation, turns, model) {
  const last = turns.length - 1
  const budget = createBudget(model)
  const carried = turns.map((turn, at) => ({ turn, answer: at === last ? null : answerText(turn) })).filter((
    { answer },
    at,
  ) => at === last || answer !== null)
  // The newest turn spends from the budget first: the conversation is about its files.
  const filled = carried.toReversed().map(({ turn, answer }) => ({ answer, content: contentOf(turn, budget) }))
    .reverse()
  const messages = filled.flatMap((
    { answer, content },
  ) => [{ role: 'user', content }, ...(answer === null ? [] : [{ role: 'assistant', content: answer }])])
  return {
    model: model.id,
    messages: conversation.system.trim() === ''
      ? messages
      : [{ role: 'system', content: conversation.system }, ...messages],
    stream: true,
    stream_options: { include_usage: true },
    ...(conversation.temperature === null ? {} : { temperature: conversation.temperature }),
    ...reasoningOf(conversation.reasoning, model),
    ...(conversation.search === true ? { web_search_options: {} } : {}),
  }
}

/** @type {ReadonlyMap<string, number>} */
const thinkingTokens = new Map([['low', 2_048], ['medium', 8_192], ['high', 24_576]])

/**
 * @param {string} choice
 * @param {Model} model
 */
function reasoningOf (choice, { capabilities: { supports = {} } = {} }) {
  if (choice === '') return {}
  if (Array.isArray(supports.reasoning_effort)) {
    return supports.reasoning_effort.includes(choice) ? { reasoning_effort: choice } : {}
  }
  const { min_thinking_budget: least = 1_024, max_thinking_budget: most } = supports
  const budget = thinkingTokens.get(choice)
  return most === undefined || budget === undefined ? {} : { thinking_budget: Math.min(most, Math.max(least, budget)) }
}

/**
 * @param {Turn} turn
 * @param {Budget} budget
 * @returns {string | Part[]}
 */
function contentOf ({ text, attachments }, budget) {
  const parts = attachments.map(file => partOf(file, budget))
  if (text.trim() !== '') parts.push({ type: 'text', text })
  // Plain text if there is nothing else: every model takes that.
  const texts = parts.flatMap(part => part.type === 'text' ? [part.text] : [])
  return texts.length === parts.length ? texts.join('\n\n') : parts
}

/**
 * @param {Attachment} file
 * @param {Budget} budget
 * @returns {Part}
 */
function partOf (file, budget) {
  const data = file.kind === 'text' ? file.data ?? null : budget.take(file)
  if (data === null) {
    return { type: 'text',
      text: `[${file.kind === 'image' ? 'Image' : 'File'} ${file.name}, ${
        bytes(file.size)
      }, was shown here and is not sent again]` }
  }
  if (file.kind === 'text') return { type: 'text', text: `File ${file.name}:\n\n${fence(data)}` }
  if (file.kind === 'image') return { type: 'image_url', image_url: { url: data } }
  return { type: 'file', file: { filename: file.name, file_data: data } }
}

/** @typedef {ReturnType<typeof createBudget>} Budget */

/** @param {Model} model */
function createBudget (model) {
  const vision = visionOf(model)
  let images = vision?.count ?? 0
  let chars = maxDataChars
  return {
    /**
     * @param {Attachment} file
     * @returns {string | null} its data, or null if it does not fit
     */
    take ({ kind, data, type }) {
      if (data === undefined || data.length > chars) return null
      if (kind === 'image' && (images === 0 || vision?.types.includes(type) !== true)) return null
      if (kind === 'image') images--
      chars -= data.length
      return data
    },
  }
}

/**
 * The text in a fence that is longer than any fence inside.
 * @param {string} text
 */
function fence (text) {
  const longest = (text.match(/`+/g) ?? []).reduce((most, { length }) => Math.max(most, length), 2)
  const marks = '`'.repeat(longest + 1)
  return `${marks}\n${text}${text.endsWith('\n') ? '' : '\n'}${marks}`
}
