// Each conversation has one key, in every dialect, at a cost that does not depend on the body.
import t from 'tap'
import { conversationKey } from '../../../src/dialects/shared/conversation.ts'
import { createConversations } from '../../../src/relay/conversations.ts'
import { createAccount } from '../../unit/helpers/upstream.ts'

const inDialects = (system: string, first: string, rest: string) => ({
  chat: {
    messages: [{ role: 'system', content: system }, { role: 'user', content: first }, { role: 'assistant',
      content: rest }, { role: 'user', content: rest }],
  },
  chatBlocks: {
    messages: [{ role: 'developer', content: [{ type: 'text', text: system }] }, { role: 'user',
      content: [{ type: 'text', text: first }, { type: 'image_url', image_url: { url: 'data:' } }] }, {
      role: 'assistant',
      content: null,
      tool_calls: [],
    }],
  },
  responses: { instructions: system,
    input: [{ role: 'user', content: [{ type: 'input_text', text: first }] }, { type: 'function_call', name: 'a' }, {
      role: 'user',
      content: rest,
    }] },
  responsesText: { instructions: system, input: first },
  messages: {
    system: [{ type: 'text', text: `x-anthropic-billing-header: ${rest}` }, { type: 'text', text: system,
      cache_control: { type: 'ephemeral' } }],
    messages: [{ role: 'user', content: [{ type: 'text', text: first }] }, { role: 'assistant', content: rest }],
  },
})

t.test('all dialects give a conversation one key while it continues; other beginnings get other keys', async t => {
  const keys = (system: string, first: string, rest: string) =>
    Object.values(inDialects(system, first, rest)).map(body => conversationKey(body, {}))
  const seen = new Set<string>()
  for (const [system, first] of [['be brief', 'hello'], ['be brief', 'hallo'], ['be long', 'hello'], ['',
    'be briefhello'], ['x'.repeat(10_000), 'y'.repeat(10_000)]] as const) {
    const own = new Set([...keys(system, first, 'one'), ...keys(system, first, 'two')])
    t.equal(own.size, 1, `${system.slice(0, 10)} ${first.slice(0, 10)}`)
    for (const key of own) seen.add(key)
  }
  t.equal(seen.size, 5)
})

t.test('unusual bodies have a key too, and a body of any size costs the same', async t => {
  const odd = [{}, { messages: 7 }, { messages: [null, 7, { role: 7 }, { role: 'user' }] }, { input: null }, {
    system: { a: 1 },
    messages: [{ role: 'user', content: [null, { text: 7 }] }],
  }, { prompt_cache_key: 7, metadata: { user_id: 7 } }, { prompt_cache_key: '', metadata: null }]
  for (const body of odd) t.match(conversationKey(body, { 'session-id': '' }), /^begins /)
  t.equal(conversationKey({ prompt_cache_key: 'k'.repeat(1_000_000) }, {}).length, 520)
  const bodyOf = (length: number, turns: number) => ({ system: 'x'.repeat(length),
    messages: Array.from({ length: turns }, () => ({ role: 'user', content: [{ type: 'text', text: 'long' }] })) })
  const large = bodyOf(8_000_000, 100_000)
  t.ok(conversationKey(large, {}).length < 10_000)
  t.equal(readsOf(large), readsOf(bodyOf(8_000, 100)))
})

t.test('an id belongs to one user, is the same in every process, and is cached after its first use', async t => {
  const here = createConversations()
  const account = createAccount()
  const id = await here.idOf(account, 'begins x')
  t.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  t.equal(here.idOf(account, 'begins x'), id, 'without a promise')
  t.equal(await createConversations().idOf(createAccount(), 'begins x'), id)
  t.not(await here.idOf(account, 'begins y'), id)
  t.not(await here.idOf(createAccount(1, 'rid-1', 'bob'), 'begins x'), id)
})

/** How many properties of the body, and of everything in it, the key's computation reads. */
function readsOf (body: object): number {
  let reads = 0
  const counted = <T extends object>(value: T): T =>
    new Proxy(value, { get (target, name) {
      reads++
      const found: unknown = Reflect.get(target, name)
      return typeof found === 'object' && found !== null ? counted(found) : found
    } })
  conversationKey(counted(body) as Parameters<typeof conversationKey>[0], {})
  return reads
}
