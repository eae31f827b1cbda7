// Conversations out to a file and in from one. A file is read as what it is: something from outside.
import { h } from '../lib/dom.js'

const format = 'copilot-proxy-chats'
const dataUrl = { image: /^data:image\/(?:png|jpeg|webp|gif);base64,[A-Za-z0-9+/=]*$/, pdf: /^data:application\/pdf;base64,[A-Za-z0-9+/=]*$/, text: /^/ }

export function download (conversations, name) {
  const text = JSON.stringify({ format, version: 1, exportedAt: new Date().toISOString(), conversations: conversations.map(one => ({ ...one, user: undefined })) }, null, 1)
  const url = URL.createObjectURL(new window.Blob([text], { type: 'application/json' }))
  const link = h('a', { href: url, download: `${name}.json` })
  document.body.append(link)
  link.click()
  link.remove()
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** @returns conversations of this user. @throws {Error} that says what is wrong with the file */
export function readExport (text, user) {
  let value
  try { value = JSON.parse(text) } catch { throw new Error('That file is not JSON.') }
  if (value?.format !== format || !Array.isArray(value.conversations)) throw new Error('That file holds no chats of this page.')
  return value.conversations.map(one => readConversation(one, user)).filter(one => one !== null)
}

function readConversation (value, user) {
  if (!isId(value?.id) || !Array.isArray(value.turns)) return null
  return {
    id: value.id, user, title: text(value.title).slice(0, 200), isNamed: value.isNamed === true, createdAt: moment(value.createdAt), updatedAt: moment(value.updatedAt),
    model: text(value.model), system: text(value.system), temperature: Number.isFinite(value.temperature) ? value.temperature : null, reasoning: text(value.reasoning),
    turns: value.turns.filter(turn => isId(turn?.id)).map(turn => ({
      id: turn.id, text: text(turn.text),
      attachments: (Array.isArray(turn.attachments) ? turn.attachments : []).map(readFile).filter(file => file !== null),
      answer: turn.answer ? readAnswer(turn.answer) : null,
    })),
  }
}

function readAnswer (answer) {
  const { usage } = answer
  return {
    model: text(answer.model), text: text(answer.text), reasoning: text(answer.reasoning), finish: text(answer.finish) || null,
    status: ['done', 'failed'].includes(answer.status) ? answer.status : 'stopped',
    error: answer.error ? { code: text(answer.error.code), message: text(answer.error.message) } : null,
    usage: usage ? { input: number(usage.input), output: number(usage.output), cached: number(usage.cached), reasoning: number(usage.reasoning) } : null,
    credits: Number.isFinite(answer.credits) ? answer.credits : null, startedAt: moment(answer.startedAt), ms: Number.isFinite(answer.ms) ? answer.ms : null,
  }
}

function readFile (file) {
  if (!isId(file?.id) || !Object.hasOwn(dataUrl, file.kind) || typeof file.data !== 'string' || !dataUrl[file.kind].test(file.data)) return null
  return { id: file.id, kind: file.kind, name: text(file.name).slice(0, 255), type: text(file.type), size: number(file.size), data: file.data }
}

function isId (value) {
  return typeof value === 'string' && /^[a-f0-9]{24}$/.test(value)
}

function text (value) {
  return typeof value === 'string' ? value : ''
}

function number (value) {
  return Number.isFinite(value) ? value : 0
}

function moment (value) {
  return Number.isFinite(value) && value > 0 ? value : Date.now()
}
