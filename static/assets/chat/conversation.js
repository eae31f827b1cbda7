// A conversation is a list of turns: what was said, and the answer to it. Pure; what is sent is decided here.
import { bytes } from '../lib/format.js'
import { visionOf } from './models.js'

/** A request stays below what a Worker takes, 12 MiB, with room for everything else. */
const maxDataChars = 10_000_000

export function newConversation (user, model) {
  const now = Date.now()
  return { id: newId(), user, title: '', isNamed: false, createdAt: now, updatedAt: now, model, system: '', temperature: null, reasoning: '', turns: [] }
}

export function newTurn (text, attachments) {
  return { id: newId(), text, attachments, answer: null }
}

export function newAnswer (model) {
  return { model, status: 'running', text: '', reasoning: '', error: null, finish: null, usage: null, credits: null, startedAt: Date.now(), ms: null }
}

/** `randomUUID` is not there on plain http. */
export function newId () {
  return [...crypto.getRandomValues(new Uint8Array(12))].map(byte => byte.toString(16).padStart(2, '0')).join('')
}

export function titleOf ({ title, turns }) {
  if (title !== '') return title
  const [first] = turns
  const words = first === undefined ? '' : first.text.trim().replace(/\s+/g, ' ') || first.attachments[0]?.name || ''
  return words === '' ? 'New chat' : words.length > 60 ? `${words.slice(0, 58)}…` : words
}

/** Whether an answer is part of what was really said: a failed one is not, and a stopped one as far as it went. */
function isSaid ({ answer }) {
  return answer !== null && answer.text !== '' && (answer.status === 'done' || answer.status === 'stopped')
}

/**
 * The request for the last of `turns`. Turns that failed are left out with their question. Of the images, the newest
 * go along, as many as the model sees at once; older ones are named.
 */
export function toRequest (conversation, turns, model) {
  const last = turns.length - 1
  const carried = turns.filter((turn, at) => at === last || isSaid(turn))
  const budget = createBudget(model)
  // The newest first, for they are what is talked about.
  const said = carried.toReversed().map(turn => ({ turn, content: contentOf(turn, budget) })).reverse()
  const messages = said.flatMap(({ turn, content }, at) => [
    { role: 'user', content },
    ...(at < said.length - 1 ? [{ role: 'assistant', content: turn.answer.text }] : []),
  ])
  return {
    model: model.id,
    messages: conversation.system.trim() === '' ? messages : [{ role: 'system', content: conversation.system }, ...messages],
    stream: true,
    stream_options: { include_usage: true },
    ...(conversation.temperature === null ? {} : { temperature: conversation.temperature }),
    ...reasoningOf(conversation.reasoning, model),
  }
}

function reasoningOf (choice, { capabilities: { supports = {} } = {} }) {
  if (choice === '') return {}
  if (Array.isArray(supports.reasoning_effort)) return supports.reasoning_effort.includes(choice) ? { reasoning_effort: choice } : {}
  const { min_thinking_budget: least = 1_024, max_thinking_budget: most } = supports
  const budget = { low: 2_048, medium: 8_192, high: 24_576 }[choice]
  return most === undefined || budget === undefined ? {} : { thinking_budget: Math.min(most, Math.max(least, budget)) }
}

function contentOf ({ text, attachments }, budget) {
  const parts = attachments.map(file => partOf(file, budget))
  if (text.trim() !== '') parts.push({ type: 'text', text })
  // Plain text where there is nothing else: every model takes that.
  return parts.every(({ type }) => type === 'text') ? parts.map(part => part.text).join('\n\n') : parts
}

function partOf (file, budget) {
  if (file.kind === 'text') return { type: 'text', text: `File ${file.name}:\n\n${fence(file.data)}` }
  if (!budget.takes(file)) return { type: 'text', text: `[${file.kind === 'image' ? 'Image' : 'File'} ${file.name}, ${bytes(file.size)}, was shown here and is not sent again]` }
  if (file.kind === 'image') return { type: 'image_url', image_url: { url: file.data } }
  return { type: 'file', file: { filename: file.name, file_data: file.data } }
}

function createBudget (model) {
  const vision = visionOf(model)
  let images = vision?.count ?? 0
  let chars = maxDataChars
  return {
    takes ({ kind, data, type }) {
      if (data === undefined || data.length > chars) return false
      if (kind === 'image' && (images === 0 || !vision.types.includes(type))) return false
      if (kind === 'image') images--
      chars -= data.length
      return true
    },
  }
}

/** A fence longer than any inside. */
function fence (text) {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map(run => run.length))
  const marks = '`'.repeat(longest + 1)
  return `${marks}\n${text}${text.endsWith('\n') ? '' : '\n'}${marks}`
}
