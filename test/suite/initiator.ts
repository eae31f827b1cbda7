// The initiator of a call: GitHub charges for a user's request, and not for an agent's next step.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { png } from './openai.ts'

const reminder = '<system-reminder>\nDo not forget.\n</system-reminder>'
const user = (content: unknown) => ({ role: 'user', content })
const text = (text: string) => ({ type: 'text', text })
const system = { role: 'system', content: 'be kind' }
const developer = { role: 'developer', content: 'be brief' }
const assistant = { role: 'assistant', content: 'hello' }
const called = { role: 'assistant', content: null,
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'f', arguments: '{}' } }] }
const result = { role: 'tool', tool_call_id: 'call_1', content: 'done' }

const table: ReadonlyArray<readonly ['user' | 'agent', string, readonly object[]]> = [['user', 'a first question', [
  system,
  user('hi'),
]], ['user', 'a second question', [user('hi'), assistant, user('and now?')]], ['user', 'a question in parts', [
  user([text('hi'), text('there')]),
]], ['user', 'an image alone', [user([{ type: 'image_url', image_url: { url: png } }])]], ['agent', 'a tool result', [
  user('hi'),
  called,
  result,
]], ['agent', 'the assistant last', [user('hi'), assistant]], ['user',
  'a user message before trailing system and developer messages', [user('hi'), system, developer]], ['agent',
  'a tool result before trailing system messages', [user('hi'), called, result, system, developer]], ['user',
  'nothing but a system message', [system]], ['agent', 'a reminder after a tool result', [user('hi'), called, result,
  user(reminder)]], ['agent', 'several reminders, in one text or in parts', [user('hi'), called, result,
  user([text(reminder), text(` ${reminder}\n${reminder} `)])]], ['user', 'a question after a reminder', [user('hi'),
  called, result, user([text(reminder), text('go on')])]], ['user', 'a question in one text with a reminder', [
  user('hi'),
  called,
  result,
  user(`${reminder}\ngo on`),
]], ['user', 'or between two', [user('hi'), called, result, user(`${reminder}\ngo on\n${reminder}`)]], ['user',
  'an image next to a reminder', [user('hi'), called, result,
  user([text(reminder), { type: 'image_url', image_url: { url: png } }])]], ['user',
  'a new question after a whole tool round', [user('hi'), called, result, assistant, user('next')]], ['agent',
  "Codex's request for a summary", [user('hi'), assistant,
  user('You are performing a CONTEXT CHECKPOINT COMPACTION. Create a handoff summary for another LLM.')]], ['agent',
  "Claude Code's", [user('hi'), assistant,
  user([text(reminder),
    text(
      'CRITICAL: Respond with TEXT ONLY.\n\nYour task is to create a detailed summary of the '
        + 'conversation so far, paying close attention to the requests.',
    )])]], ['agent', "opencode's", [user('hi'), assistant,
  user('Provide a detailed prompt for continuing our conversation above.')]], ['agent',
  'work that goes on after a summary', [
  user([text(reminder),
    text('This session is being continued from a previous conversation that ran out of context. It was about a bug.')]),
  developer,
]], ['user', 'a question after a summary', [
  user([
    text('This session is being continued from a previous conversation that ran out of context. It was about a bug.'),
    text('And now the tests.'),
  ]),
]], ['agent', 'Codex goes on in the middle of a turn, with a summary', [user('hi'),
  user(
    'Another language model started to solve this problem and produced a summary of its thinking process. So far:',
  )]], ['user', 'a question after such a summary', [
  user('Another language model started to solve this problem and produced a summary of its thinking process. So far:'),
  user('next'),
]], ['agent', "opencode's request for a title", [system, user('Generate a title for this conversation:\n'), developer,
  user('"Why is app.js failing?"')]], ['agent', 'in one turn', [
  user([text('Generate a title for this conversation:\n'), text('"Why is app.js failing?"')]),
]], ['agent', "Qwen Code's", [
  user(
    'Conversation so far:\nUser: hi\n\nGenerate the session title now. '
      + 'Populate the schema with a single short title string.',
  ),
]], ['user', 'the words of opencode alone', [user('Generate a title for this conversation:\n')]], ['user',
  'in the middle of a conversation', [user('hi'), assistant, user('Generate a title for this conversation:'),
  user('plums')]], ['user', 'before a conversation', [user('Generate a title for this conversation:'), user('plums'),
  assistant, user('And pears?')]], ['user', 'with more around them', [
  user('Generate a title for this conversation: ripe'),
  user('plums'),
]], ['user', 'with an image', [user('Generate a title for this conversation:'),
  user([text('plums'), { type: 'image_url', image_url: { url: png } }])]], ['user', "a person's own wish for a summary",
  [user('hi'), assistant, user('Please give me a detailed summary of this.')]]]

const toolUse = { role: 'assistant', content: [{ type: 'tool_use', id: 'call_1', name: 'f', input: {} }] }
const toolResult = (content: unknown, ...more: unknown[]) =>
  user([{ type: 'tool_result', tool_use_id: 'call_1', content }, ...more])
const loaded = [{ type: 'tool_reference', tool_name: 'f' }]

const messagesTable: typeof table = [['user', 'a question', [user('hi')]], ['agent', 'a tool result', [user('hi'),
  toolUse, toolResult('done')]], ['agent', 'a tool result with a reminder', [user('hi'), toolUse,
  toolResult('done', text(reminder))]], ['agent', 'a tool that the agent loads, with its note', [user('hi'), toolUse,
  toolResult(loaded, text('Tool loaded.'))]], ['agent', 'a loaded tool with its note and a reminder', [user('hi'),
  toolUse, toolResult(loaded, text('Tool loaded.'), text(reminder))]], ['agent', 'the note in a turn of its own', [
  user('hi'),
  toolUse,
  toolResult(loaded),
  user('Tools loaded'),
]], ['user', 'the note without any result', [user('hi'), assistant, user('Tool loaded.')]], ['user',
  "a user's text next to the note", [user('hi'), toolUse, toolResult(loaded, text('Tool loaded.'), text('and hurry'))]],
  ['user', 'a file next to the note', [user('hi'), toolUse,
    toolResult(loaded, text('Tool loaded.'), { type: 'document',
      source: { type: 'text', media_type: 'text/plain', data: 'x' } })]], ['user', 'a question after that round', [
  user('hi'),
  toolUse,
  toolResult(loaded, text('Tool loaded.')),
  assistant,
  user('Tomorrow.'),
]]]

const call1 = { type: 'function_call', call_id: 'call_1', name: 'f', arguments: '{}' }
const output1 = { type: 'function_call_output', call_id: 'call_1', output: 'done' }
const ended = '<subagent_notification>\n{"agent":"w1","status":"done"}\n</subagent_notification>'
const input = (words: string) => user([{ type: 'input_text', text: words }])

const responsesTable: typeof table = [['user', 'a question', [input('hi')]], ['agent', 'a tool result', [input('hi'),
  call1, output1]], ['agent', 'a child agent that ended', [input('hi'), assistant, input(ended)]], ['agent',
  'two of them, in a string', [input('hi'), assistant, user(`${ended}\n${ended}`)]], ['user',
  "the notification next to the user's text", [input('hi'), assistant, input(`${ended}\nGo on.`)]], ['user',
  'the tag alone, unclosed', [input('hi'), assistant, input('<subagent_notification> what is that?')]]]

export function initiatorSuite ({ target, test }: Frame): void {
  for (const stream of [false, true]) {
    test(`the last message decides the initiator${stream ? ', streamed' : ''}, whatever the client claims`, async t => {
      const { base, password, seat } = await target.addUser()
      for (const [wanted, name, messages] of table) {
        target.begin()
        const { status, headers } = await call(`${base}/chat/completions`, {
          json: { model: 'gpt-4o', messages, stream },
          headers: { authorization: `Bearer ${password}`, 'x-initiator': wanted === 'user' ? 'agent' : 'user' },
        })
        t.equal(status, 200, name)
        t.equal(target.seen('/chat/completions')[0]?.headers['x-initiator'], wanted, name)
        t.equal(headers.get('x-copilot-initiator'), wanted, name)
      }
      t.same(seat.charges, [], 'gpt-4o costs nothing')
    })
  }

  for (const [path, client, rows, model] of [['/messages', 'Messages', messagesTable, 'claude-sonnet-4.5'], [
    '/responses',
    'Responses',
    responsesTable,
    'gpt-5.1',
  ]] as const) {
    test(`the last turn decides the initiator of a ${client} request, native and translated`, async t => {
      const { base, password } = await target.addUser()
      for (const [wanted, name, messages] of rows) {
        for (const asked of [model, 'gpt-4o']) {
          target.begin()
          const body = path === '/messages' ? { messages, max_tokens: 100 } : { input: messages, store: false }
          const { status, headers } = await call(`${base}${path}`, { json: { model: asked, ...body },
            headers: { authorization: `Bearer ${password}` } })
          t.equal(status, 200, name)
          t.equal(target.seen().find(({ headers }) => headers['x-initiator'] !== undefined)?.headers['x-initiator'],
            wanted, `${name}, ${asked}`)
          t.equal(headers.get('x-copilot-initiator'), wanted, `${name}, ${asked}`)
        }
      }
    })
  }

  test('only calls of a user are charged', async t => {
    const { base, password, seat } = await target.addUser()
    for (const messages of [[user('hi')], [user('hi'), called, result], [user('hi'), called, result, user(reminder)]]) {
      t.equal(
        (await call(`${base}/chat/completions`, { json: { model: 'gpt-5.1', messages },
          headers: { authorization: `Bearer ${password}` } })).status,
        200,
      )
    }
    t.same(seat.charges, [{ model: 'gpt-5.1', cost: 1 }])
  })
}
