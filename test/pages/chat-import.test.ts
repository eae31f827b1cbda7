// The import of other programs' exports, and the tree of versions. The modules are pure, so Node runs them.
import t from 'tap'
import { chatGpt, openWebUi } from './chat-exports.ts'

interface Answer {
  readonly text: string
  readonly reasoning: string
  readonly model: string
  readonly status: string
  readonly sources?: readonly object[]
}
interface Turn {
  readonly id: string
  readonly parent: string | null
  readonly question: string
  readonly text: string
  readonly attachments: readonly { readonly name: string }[]
  readonly answer: Answer | null
}
interface Conversation {
  readonly id: string
  readonly title: string
  readonly isPinned: boolean
  readonly search?: boolean
  readonly tags: readonly string[]
  readonly system: string
  readonly nodes: readonly Turn[]
  readonly turns: readonly Turn[]
}
interface Skipped {
  readonly reason: string
  readonly count: number
  readonly examples: readonly string[]
}
interface Read {
  readonly conversations: Conversation[]
  readonly skips: { readonly list: () => Skipped[] }
}

const folder = '../../static/assets/chat/'
const { readFile } = await import(`${folder}import/read.js`) as {
  readFile: (file: Blob, user: string) => Promise<Read>,
}
const { toNodes, showVersion, versionsOf } = await import(`${folder}tree.js`) as {
  toNodes: (turns: readonly object[]) => Turn[],
  showVersion: (conversation: object, id: string | null, options?: object) => void,
  versionsOf: (conversation: object) => (turn: Turn) => { questions: Turn[], answers: Turn[] },
}
const read = (value: unknown) => readFile(new Blob([JSON.stringify(value)]), 'someone')
const shown = ({ turns }: Conversation) => turns.map(({ text, answer }) => [text, answer?.text ?? null])

t.test("ChatGPT's export keeps every branch as a version, and lists what it leaves out", async t => {
  const { conversations, skips } = await read(chatGpt)
  t.strictSame(conversations.map(({ title }) => title), ['Deploying', 'Strange'])
  const [chat] = conversations as [Conversation]
  t.equal(chat.isPinned, true)
  t.strictSame(shown(chat), [['How do I roll back?', 'Run `helm rollback`.'], ['And if that fails?', 'Once upon']])
  const [first, second] = chat.turns as [Turn, Turn]
  t.equal(second.answer?.status, 'stopped', 'an answer that was under way')
  const { answers } = versionsOf(chat)(first)
  t.strictSame(answers.map(({ answer }) => [answer?.text, answer?.reasoning, answer?.model]), [['Run `helm rollback`.',
    '', 'gpt-5-thinking'], ['Use the console.', 'Planning\nWhich tool?', 'o4-mini']])
  t.strictSame(versionsOf(chat)(second).questions.map(({ text }) => text), ['And if that fails?', 'Thanks'])
  t.strictSame(Object.fromEntries(skips.list().map(({ reason, count }) => [reason, count])), {
    'custom instructions or memory: enter them as system prompt in Options': 1,
    'picture that the export does not contain': 1,
    'message from or to a tool (web.run)': 2,
    'mark of a source, whose address the text does not contain': 1,
    'chat without readable messages': 1,
    'part of an unknown kind (from_the_future)': 1,
    'part of an unknown kind (hologram)': 1,
  })
  const again = await read(chatGpt)
  t.strictSame(again.conversations.map(({ id, nodes }) => [id, nodes.map(one => one.id)]),
    conversations.map(({ id, nodes }) => [id, nodes.map(one => one.id)]), 'the same ids each time')
})

t.test("Open WebUI's export: versions, reasoning, pictures, tags and the system prompt", async t => {
  const { conversations, skips } = await read(openWebUi)
  const [chat] = conversations as [Conversation]
  t.strictSame([chat.title, chat.isPinned, chat.tags, chat.system], ['Sums', true, ['maths'], 'Be exact.'])
  t.strictSame(shown(chat), [['What is 15 * 17?', 'It is 255.']])
  t.strictSame(chat.nodes.map(({ answer }) => [answer?.text, answer?.reasoning, answer?.model]), [['255', '150 + 105',
    'deepseek-r1'], ['It is 255.', '', 'gpt-4o']])
  t.strictSame(chat.turns[0]?.attachments.map(({ name }) => name), ['sum.png'])
  t.strictSame(skips.list().map(({ reason }) => reason), [
    'file that the export does not contain, or that this page cannot read',
    'message from or to a tool (tool_calls)',
    'chat with no message that this page shows',
  ])
  t.strictSame(shown((await read(openWebUi[0]?.chat)).conversations[0] as Conversation), shown(chat),
    'one chat alone, as its own menu saves it')
})

t.test("the page's own export keeps the sources of answers and the switch for the web", async t => {
  const source = { url: 'https://example.com/', title: 'Example' }
  const turn = (sources: unknown) => ({ id: 'a'.repeat(24), text: 'Q', attachments: [],
    answer: { text: 'A', status: 'done', sources } })
  const own = async (sources: unknown, search: unknown) => {
    const { conversations: [chat] } = await read({ format: 'copilot-proxy-chats', version: 2,
      conversations: [{ id: 'b'.repeat(24), title: 'Web', search, turns: [turn(sources)] }] })
    return { sources: chat?.turns[0]?.answer?.sources, search: chat?.search }
  }
  t.strictSame(await own([source, { url: 7 }, null, { url: 'https://example.org/' }], true), {
    sources: [source, { url: 'https://example.org/', title: '' }],
    search: true,
  })
  t.strictSame(await own('no list', 'yes'), { sources: undefined, search: undefined })
})

t.test('a tree of 20,000 messages, a circle and children that do not exist are read', async t => {
  const mapping: Record<string, unknown> = {}
  for (let at = 0; at < 20_000; at++) {
    mapping[`n${at}`] = { id: `n${at}`, parent: at === 0 ? null : `n${at - 1}`, children: [`n${at + 1}`, 'n0', 'none'],
      message: { author: { role: at % 2 === 0 ? 'user' : 'assistant' }, recipient: 'all', content: {
        content_type: 'text',
        parts: [`message ${at}`],
      } } }
  }
  const { conversations } = await read([{ title: 'Deep', id: 'deep', mapping, current_node: 'n19999' }])
  t.equal(conversations[0]?.turns.length, 10_000)
  t.equal(conversations[0]?.turns.at(-1)?.answer?.text, 'message 19999')
})

t.test('other files are refused with a reason', async t => {
  await t.rejects(readFile(new Blob(['{']), 'x'), { message: 'That file is not JSON.' })
  for (const value of [null, 1, [], {}, [null], { chat: 1 }]) {
    await t.rejects(read(value), { message: /holds no chats/ }, JSON.stringify(value))
  }
})

t.test('toNodes() gives turns without a parent the one before, and makes no circle', t => {
  const turn = (id: string, more = {}) => ({ id, text: id, attachments: [], answer: null, ...more })
  const parents = (turns: readonly object[]) => toNodes(turns).map(({ id, parent }) => [id, parent])
  t.strictSame(parents([turn('a'), turn('b'), turn('c')]), [['a', null], ['b', 'a'], ['c', 'b']])
  t.strictSame(parents([turn('a', { parent: 'b' }), turn('b', { parent: 'a' }), turn('a'), turn('c', { parent: 'z' })]),
    [['a', null], ['b', 'a'], ['c', null]])
  t.end()
})

t.test('showVersion() goes on along the newest versions; another question is shown by its newest answer', t => {
  const turn = (id: string, parent: string | null, question = id) => ({ id, parent, question, text: id, attachments: [],
    answer: null })
  const conversation = {
    nodes: toNodes([turn('a1', null, 'a'), turn('b', 'a1'), turn('a2', null, 'a'), turn('c1', 'a2', 'c'),
      turn('c2', 'a2', 'c'), turn('d', null)]),
    turns: [] as Turn[],
    leaf: null,
  }
  const path = (id: string | null, options = {}) => {
    showVersion(conversation, id, options)
    return conversation.turns.map(one => one.id)
  }
  t.strictSame(path('a1'), ['a1', 'b'])
  t.strictSame(path('a2'), ['a2', 'c2'])
  t.strictSame(path('a2', { isLeaf: true }), ['a2'])
  t.strictSame(path('unknown'), ['d'])
  const [a1] = conversation.nodes as [Turn]
  const { questions, answers } = versionsOf(conversation)(a1)
  t.strictSame(questions.map(one => one.id), ['a1', 'd'])
  t.strictSame(answers.map(one => one.id), ['a1', 'a2'])
  t.end()
})
