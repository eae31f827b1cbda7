// Titles that a free model writes, if the user wants them. Without an answer the title stays the first words.
import { ask } from '../lib/api.js'
import { byId } from '../lib/dom.js'
import { recall, remember } from '../lib/remember.js'
/** @import { Conversation, Model, Session, Turn } from '../types.d.ts' */

const key = 'copilot-proxy.titles'
const readChars = 2_000
const maxChars = 80
const instructions = 'Write a title of at most six words for this conversation, in its language. '
  + 'Answer with the title alone, without quotation marks.'

/**
 * @param {{ model: () => Model | null, onTitle: (conversation: Conversation) => void }} page `model`: a free one
 */
export function createTitles ({ model, onTitle }) {
  const box = byId('titles')
  box.checked = recall(key) === 'on'
  // Storage may be off: then the choice is this page's.
  box.addEventListener('change', () => remember(key, box.checked ? 'on' : 'off'))
  return {
    /**
     * @param {Session} session
     * @param {Conversation} conversation
     * @param {Turn} turn whose answer is complete
     */
    async write (session, conversation, turn) {
      const free = model()
      if (!box.checked || free === null || conversation.title !== '' || turn.parent !== null) return
      if (turn.answer?.status !== 'done') return
      const answer = await ask('/chat/completions', { method: 'POST', session, body: requestOf(free, turn) })
      const title = answer.ok ? cleaned(answer.data.choices?.[0]?.message?.content) : ''
      // The user may have named it meanwhile.
      if (title === '' || conversation.title !== '' || conversation.isNamed) return
      conversation.title = title
      onTitle(conversation)
    },
  }
}

/**
 * @param {Model} model
 * @param {Turn} turn
 */
function requestOf ({ id }, { text, answer }) {
  return { model: id, stream: false,
    messages: [{ role: 'system', content: instructions }, { role: 'user',
      content: `User:\n${text.slice(0, readChars)}\n\nAssistant:\n${answer?.text.slice(0, readChars) ?? ''}` }] }
}

/** @param {unknown} text */
function cleaned (text) {
  const [line = ''] = typeof text === 'string' ? text.trim().split('\n') : []
  return line.replace(/^(?:title:)?[\s"'“”‘’*#]+|[\s"'“”‘’*.]+$/gi, '').slice(0, maxChars)
}
