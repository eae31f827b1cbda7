// What hot state costs a warm request, counted: calls of the engine, their steps, what WebCrypto does. Processor time
// depends on the machine; `npm run bench:workers` measures it.
import t from 'tap'
import { createHot } from '../../../src/hot/hot.ts'
import { createHotMemory } from '../../../src/store/hot-memory.ts'
import type { HotState } from '../../../src/store/hot-state.ts'
import { systemClock } from '../../../src/system-clock.ts'
import { startPair, type Pair } from '../../fixtures/two-gateways.ts'

const messages = [{ role: 'user', content: 'hi' }]
const gpt = { model: 'gpt-5.1', input: 'hi' }
const claude = { model: 'claude-sonnet-4.5', max_tokens: 100, messages }
const tools = [{ type: 'function', name: 'look', parameters: { type: 'object', properties: {} } }]
const asked: ReadonlyArray<readonly [name: string, path: string, body: object]> = [['Chat', '/chat/completions', {
  model: 'gpt-4o',
  messages,
}], ['Chat, streamed', '/chat/completions', { model: 'gpt-4o', stream: true, messages }], ['Chat, translated',
  '/chat/completions', { ...gpt, messages }], ['Messages', '/messages', claude], ['Messages, streamed', '/messages', {
  ...claude,
  stream: true,
}], ['Messages, translated', '/messages', { ...claude, model: 'gpt-4o' }], ['Responses', '/responses', gpt], [
  'Responses, streamed',
  '/responses',
  { ...gpt, stream: true },
], ['Responses with a call', '/responses', { ...gpt, tools, tool_choice: 'required' }], ['Responses, stored nowhere',
  '/responses', { ...gpt, stream: true, store: false }]]
/** An answer of Responses: itself, the origin of its reasoning, and its items, which lead to it. */
const stored = 'set set set set'

const done: string[] = []
for (const name of ['encrypt', 'decrypt', 'digest', 'sign'] as const) {
  const own = crypto.subtle[name].bind(crypto.subtle) as (...given: unknown[]) => Promise<ArrayBuffer>
  Object.assign(crypto.subtle, { [name]: (...given: unknown[]) => {
    done.push(name)
    return own(...given)
  } })
}

/** Each is asked three times: the last time, the gateway knows the user and the model. */
async function costs ({ ask, engineCalls }: Pair): Promise<Record<string, readonly string[]>> {
  const costs: Record<string, readonly string[]> = {}
  for (const [name, path, body] of asked) {
    for (let n = 0; n < 3; n++) {
      const before = engineCalls().length
      done.length = 0
      const response = await ask(0, path, body)
      t.equal(response.status, 200, await response.text())
      const calls = engineCalls().slice(before).map(steps => steps.map(step => step.do).join(' '))
      costs[name] = [...calls, ...done]
    }
  }
  return costs
}

void t.test('an answer that leaves nothing to share calls no engine, seals nothing and digests nothing', async t => {
  t.strictSame(await costs(await startPair(t)), {
    'Chat': [],
    'Chat, streamed': [],
    'Chat, translated': [],
    'Messages': [],
    'Messages, streamed': [],
    'Messages, translated': [],
    'Responses': [stored, 'encrypt'],
    'Responses, streamed': [stored, 'encrypt'],
    'Responses with a call': [stored, 'encrypt'],
    'Responses, stored nowhere': ['set', 'encrypt'],
  })
})

void t.test('where the engine counts, one call has the usage and everything else', async t => {
  const counted = 'count set'
  t.strictSame(await costs(await startPair(t, {}, { countsEachCall: true })), {
    'Chat': [counted],
    'Chat, streamed': [counted],
    'Chat, translated': [counted],
    'Messages': [counted],
    'Messages, streamed': [counted],
    'Messages, translated': [counted],
    'Responses': [`${stored} ${counted}`, 'encrypt'],
    'Responses, streamed': [`${stored} ${counted}`, 'encrypt'],
    'Responses with a call': [`${stored} ${counted}`, 'encrypt'],
    'Responses, stored nowhere': [`set ${counted}`, 'encrypt'],
  })
})

void t.test('answers that end while the engine works leave together, and each waits for its own values', async t => {
  const sent: string[][] = []
  const held: Array<() => void> = []
  const memory = createHotMemory(() => {})
  const hot: HotState = { ...memory, async run (owner, steps) {
    sent.push(steps.map(step => step.do))
    await new Promise<void>(resolve => held.push(resolve))
    return memory.run(owner, steps)
  } }
  const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }
  const { outbox } = createHot(hot, systemClock, silent)
  let isUsed = false
  outbox.join(() => {
    if (!isUsed) return null
    isUsed = false
    return { steps: [{ do: 'delete', key: 'used' }], apply: () => {} }
  })
  const answer = () => {
    isUsed = true
    return outbox.settle('mona')
  }
  const first = answer()
  const others = [answer(), answer(), answer()]
  t.ok(others.every(other => other === others[0]), 'the next call is one for all of them')
  const working = async () => {
    while (held.length === 0) await new Promise(resolve => setImmediate(resolve))
  }
  await working()
  let isThere = false
  void others[0]?.then(() => isThere = true)
  held.shift()?.()
  await first
  await working()
  t.notOk(isThere)
  t.strictSame(sent, [['delete'], ['delete']])
  held.shift()?.()
  await others[0]
  t.equal(outbox.settle('mona'), null, 'nothing is left')
})
