// One round of the loop: what passes, what is held back, and what the model reads next.
import t from 'tap'
import type { Part } from '../../../src/dialects/contract/part.ts'
import type { SearchRecord } from '../../../src/dialects/contract/search.ts'
import { createRound, goesOn, type Ran } from '../../../src/search/round.ts'

const start: Part = { type: 'message-start', id: 'm', model: 'm', created: null }
const end = (reason: 'tool' | 'stop' | 'length'): Part => ({ type: 'message-end', reason, stopSequence: null,
  explanation: null })
const call = (block: number, name: string, input: string, namespace: string | null = null): Part[] => [{
  type: 'tool-call-start',
  block,
  callId: `c${block}`,
  name,
  namespace,
  kind: 'function',
  builtin: null,
}, { type: 'tool-call-delta', block, text: input.slice(0, 5) }, { type: 'tool-call-delta', block,
  text: input.slice(5) }, { type: 'block-end', block }]
const text = (block: number, words: string): Part[] => [{ type: 'text-start', block, apart: false }, {
  type: 'text-delta',
  block,
  text: words,
}, { type: 'block-end', block }]
const ran = (query: string): Ran => ({ result: `found ${query}`,
  record: { tool: 'web_search', queries: [query], hits: [], error: null, text: null,
    action: null } satisfies SearchRecord })

function play (parts: readonly Part[], from = 0, run = async (_tool: string, query: string) => ran(query)) {
  const given: Part[] = []
  const round = createRound({ names: new Map([['web_search', 'web_search']]), from, run, give: part => {
    given.push(part)
  } })
  parts.forEach(round.push)
  return { given, end: round.end }
}

t.test('text passes at once; a call becomes a search in its place', async t => {
  const round = play([start, ...text(0, 'I look.'), ...call(1, 'web_search', '{"query":" tides "}'), end('tool')])
  t.same(round.given.map(({ type }) => type), ['message-start', 'text-start', 'text-delta', 'block-end',
    'search-start'])
  const result = await round.end()
  t.match(round.given.at(-1), { type: 'block-end', block: 1, search: { queries: ['tides'] } })
  t.match(result, { calls: [{ callId: 'c1', result: 'found tides' }], needsClient: false, nextBlock: 2 })
  t.equal(result.parts.length, 9, 'the next question has the whole answer')
  t.ok(goesOn(result))
})

t.test('what follows a search waits for it, in order, and searches run at the same time', async t => {
  let running = 0
  let most = 0
  const round = play([start, ...call(0, 'web_search', '{"query":"slow"}'), ...call(1, 'f', '{"a":1}'),
    ...call(2, 'web_search', '{"query":"fast"}'), end('tool')], 0, async (_tool, query) => {
    most = Math.max(most, ++running)
    await new Promise(resolve => setTimeout(resolve, query === 'slow' ? 30 : 1))
    running--
    return ran(query)
  })
  const result = await round.end()
  t.equal(most, 2)
  t.match(round.given.filter(part => part.type.endsWith('-start') || 'search' in part), [{ type: 'message-start' }, {
    type: 'search-start',
    block: 0,
  }, { search: { queries: ['slow'] } }, { type: 'tool-call-start', block: 1 }, {
    type: 'search-start',
    block: 2,
  }, { search: { queries: ['fast'] } }])
  t.ok(result.needsClient)
  t.notOk(goesOn(result), 'the client runs its tool first')
})

t.test('later rounds number their blocks further, and start no message', async t => {
  const round = play([start, ...text(0, 'So.'), end('stop')], 7)
  t.match(round.given, [{ type: 'text-start', block: 7 }, { block: 7 }, { type: 'block-end', block: 7 }])
  t.equal((await round.end()).nextBlock, 8)
})

t.test('a call that broke off is no search, and an answer that reached its limit ends', async t => {
  const cut = play([start, ...call(0, 'web_search', '{"query":"ti').slice(0, 3), { type: 'block-end', block: 0,
    isCut: true }, end('length')])
  const result = await cut.end()
  t.same(result.calls, [])
  t.match(cut.given.at(-1), { type: 'block-end', block: 0 })
  t.notOk('search' in (cut.given.at(-1) ?? {}))
  t.notOk(goesOn(result))
})

t.test("a client's tool of the same name in a namespace is the client's", async t => {
  const round = play([start, ...call(0, 'web_search', '{}', 'mcp__x'), end('tool')])
  t.ok((await round.end()).needsClient)
})

t.test('a failure of the run itself ends the round', async t => {
  const round = play([start, ...call(0, 'web_search', '{"query":"q"}'), end('tool')], 0,
    () => Promise.reject(new Error('gone')))
  await t.rejects(round.end(), { message: 'gone' })
})

t.test('odd arguments are an empty query, which the runner refuses', async t => {
  for (const input of ['', 'null', '[]', '{"query":5}', '{"other":"x"}', '{']) {
    const asked: string[] = []
    const round = play([start, ...call(0, 'web_search', input), end('tool')], 0, async (_tool, query) => {
      asked.push(query)
      return ran(query)
    })
    await round.end()
    t.same(asked, [''], input)
  }
})
