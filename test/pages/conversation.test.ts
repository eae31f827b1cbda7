// The requests that a chat sends for conversations that are damaged or imported. The module is pure, so Node runs it.
import t from 'tap'

interface Message {
  readonly role: string
  readonly content: unknown
}
interface Request {
  readonly messages: readonly Message[]
  readonly thinking_budget?: unknown
}
type ToRequest = (conversation: object, turns: readonly object[], model: object) => Request

const path: string = '../../static/assets/chat/conversation.js'
const { toRequest } = await import(path) as { toRequest: ToRequest }
const conversation = { system: '', temperature: null, reasoning: '' }
const thinking = { id: 'm', capabilities: { supports: { max_thinking_budget: 32_000 } } }

t.test('a text file whose data is lost is named, and the question is sent', t => {
  const lost = { id: '1', kind: 'text', name: 'notes.md', type: 'text/plain', size: 2_048 }
  const turns = [{ id: 'a', text: 'read it', attachments: [lost], answer: { status: 'done', text: 'I did.' } }, {
    id: 'b',
    text: 'and now?',
    attachments: [],
    answer: null,
  }]
  t.strictSame(toRequest(conversation, turns, { id: 'm' }).messages, [{ role: 'user',
    content: '[File notes.md, 2 KB, was shown here and is not sent again]\n\nread it' }, { role: 'assistant',
    content: 'I did.' }, { role: 'user', content: 'and now?' }])
  t.end()
})

t.test('an imported conversation requests no unknown reasoning effort', t => {
  const turns = [{ id: 'a', text: 'hi', attachments: [], answer: null }]
  t.equal(toRequest({ ...conversation, reasoning: 'high' }, turns, thinking).thinking_budget, 24_576)
  for (const reasoning of ['constructor', '__proto__', 'extreme']) {
    t.notOk('thinking_budget' in toRequest({ ...conversation, reasoning }, turns, thinking), reasoning)
  }
  t.end()
})

t.test('a failed turn is left out with its question; a stopped turn counts as far as it arrived', t => {
  const turns = [{ id: 'a', text: 'one', attachments: [], answer: { status: 'failed', text: 'half' } }, { id: 'b',
    text: 'two', attachments: [], answer: { status: 'stopped', text: 'part' } }, { id: 'c', text: 'three',
    attachments: [], answer: { status: 'running', text: '' } }]
  t.strictSame(toRequest(conversation, turns, { id: 'm' }).messages.map(({ content }) => content), ['two', 'part',
    'three'])
  t.end()
})
