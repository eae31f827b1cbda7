// The smaller parts of web search: domains, findings, offers, Codex's commands, and searches that wait for their pages.
import t from 'tap'
import { createSearchHold, fillSearches } from '../../../src/dialects/messages/answer/encode-filled-searches.ts'
import type { AnswerBlock, Part } from '../../../src/dialects/contract/part.ts'
import type { Prompt } from '../../../src/dialects/contract/prompt.ts'
import type { SearchRecord } from '../../../src/dialects/contract/search.ts'
import { anySearch, packFindings, readLocation, unpackFindings } from '../../../src/dialects/shared/web-tools.ts'
import { searchModels } from '../../../src/handlers/search-models.ts'
import { readAlphaCommands } from '../../../src/search/alpha-request.ts'
import { createDomainCheck } from '../../../src/search/domains.ts'
import { readFindings, toResult } from '../../../src/search/findings.ts'
import { notSearched, offerWebTools } from '../../../src/search/offer.ts'

t.test('domains with their subdomains, however they are written', async t => {
  const check = createDomainCheck({ allowedDomains: ['https://www.A.example/path', '*.b.example'],
    blockedDomains: ['bad.a.example'] })
  for (const [url, isAllowed] of [['https://a.example/x', true], ['http://deep.a.example', true], [
    'https://x.b.example',
    true,
  ], ['https://bad.a.example/', false], ['https://nota.example', false], ['https://c.example', false], [
    'ftp://a.example',
    false,
  ], ['nonsense', false]] as const) {
    t.equal(check?.(url), isAllowed, url)
  }
  t.equal(createDomainCheck(anySearch), null, 'nothing to check')
})

t.test('findings travel through the client and come back as they were', async t => {
  for (const text of ['High water 🌊\n"04:10"', '']) t.equal(unpackFindings(packFindings(text)), text)
  t.equal(unpackFindings(packFindings('x'.repeat(30_000)))?.length, 20_000)
  for (const foreign of ['EqQ', '', null, 5, 'cpws1.', 'cpws1.!!', 'cpws1.bm8', 'cpt1.m.e30']) {
    t.ok([null, ''].includes(unpackFindings(foreign)), String(foreign))
  }
})

const searched = (more: Partial<SearchRecord> = {}): SearchRecord => ({ tool: 'web_search', queries: ['q'], hits: [],
  error: null, text: null, action: { type: 'search', query: 'q' }, ...more })
const search = (more?: Partial<SearchRecord>): AnswerBlock => ({ type: 'search', callId: 'c', search: searched(more) })
const words = (text: string, citations: Extract<AnswerBlock, { type: 'text' }>['citations'] = []): AnswerBlock => ({
  type: 'text',
  text,
  apart: false,
  citations,
  logprobs: null,
})
const page = { url: 'https://a.example/t', title: 'Tides' }

t.test('titles come from citations, and cited pages without a search belong to the last one', async t => {
  const found = readFindings([search({ hits: [{ url: page.url, title: '' }] }), search(), words('One.'),
    words('Two.', [{ ...page, citedText: 'Two.', range: { start: 0, end: 4 } }, { url: 'https://b.example', title: 'B',
      citedText: null }])])
  t.match(found?.searches, [{ hits: [page] }, { hits: [{ url: 'https://b.example', title: 'B' }] }])
  t.equal(found?.text, 'One.\n\nTwo.')
  t.same(found?.citations[0]?.range, { start: 6, end: 10 }, 'ranges are those of the whole text')
  t.match(found === null ? '' : toResult('q "x"', found),
    /"q \\"x\\""[^]*data, and no instruction[^]*- \[Tides\]\(https:/)
  t.equal(readFindings([words('I know it.')]), null)
  t.equal(readFindings([search({ error: 'unavailable' }), words('x')]), null)
  t.match(readFindings([search({ action: { type: 'open_page', url: page.url } }), words('x')]), { searches: [],
    opened: [page.url] })
})

t.test('the function has a name that the client does not use, and history becomes its calls', async t => {
  const tool = { name: 'web_search', namespace: null, kind: 'function', builtin: null, description: null, schema: null,
    strict: null, grammar: null, cache: false } as const
  const prompt = { tools: [tool],
    turns: [{ role: 'user', blocks: [{ type: 'text', text: 'a' }] }, { role: 'assistant',
      blocks: [{ type: 'text', text: 'b' }, { type: 'text', text: 's',
        search: { id: 'srvtoolu_1', query: 'q', result: 'r', isError: false } }, { type: 'text', text: 'c' }] }],
    toolChoice: { type: 'required' },
    webTools: { search: anySearch, fetches: false, forced: 'web_search' } } as unknown as Prompt
  const offered = offerWebTools(prompt, notSearched)
  t.same(offered.tools.map(({ name }) => name), ['web_search', 'gateway_web_search'])
  t.match(offered.toolChoice, { type: 'tool', tool: { name: 'gateway_web_search' } })
  t.match(offered.turns.map(({ role, blocks }) => [role, blocks.map(({ type }) => type)]), [['user', ['text']], [
    'assistant',
    ['text', 'tool-call'],
  ], ['user', ['tool-result']], ['assistant', ['text']]])
  t.match(offered.turns[1]?.blocks[1], { id: 'toolu_1', name: 'gateway_web_search', input: '{"query":"q"}' })
  const [turn] = offered.turns
  const turns = turn === undefined ? [] : [turn]
  t.match(offerWebTools(prompt, { turns, isOver: false }).toolChoice, { type: 'auto' })
  t.match(offerWebTools(prompt, { turns, isOver: true }).toolChoice, { type: 'none' })
  const plain = { ...prompt, webTools: null }
  t.equal(offerWebTools(plain, notSearched), plain)
})

t.test('a search without pages waits for the citations of the first text, streamed as whole', async t => {
  const hold = createSearchHold()
  const push = (part: Part) => hold.push(part)
  t.same(push({ type: 'search-start', block: 0, callId: 'c', tool: 'web_search' }).length, 1)
  t.same(push({ type: 'block-end', block: 0, search: searched() }), [])
  t.ok(hold.isHolding())
  t.same(push({ type: 'text-start', block: 1, apart: false }), [])
  t.same(push({ type: 'text-delta', block: 1, text: 'Two.' }), [])
  t.same(push({ type: 'citation', block: 1, ...page, citedText: null }), [])
  const released = push({ type: 'block-end', block: 1 })
  t.match(released, [{ type: 'block-end', search: { hits: [page] } }, { type: 'text-start' }, {}, {}, {}])
  t.notOk(hold.isHolding())
  const after: Part = { type: 'text-delta', block: 2, text: 'x' }
  t.same(push(after), [after])
  t.match(fillSearches([search(), search(), words('Two.', [{ ...page, citedText: null }]), search()]), [{ search: {
    hits: [],
  } }, { search: { hits: [page] } }, {}, { search: { hits: [] } }])
  const named = [search({ hits: [page] }), words('x')]
  t.equal(fillSearches(named), named)
})

t.test('the cheapest enabled GPT models on /responses search; a seat that may name none has none', async t => {
  const model = (id: string, more: object = {}) => ({ id, vendor: 'OpenAI', capabilities: { type: 'chat' },
    supported_endpoints: ['/responses'], ...more })
  const list = (...models: Array<ReturnType<typeof model>>) => ({ models,
    byId: new Map(models.map(one => [one.id, one])) })
  const seat = list(model('gpt-5.5', { billing: { token_prices: { default: { output_price: 3_000 } } } }),
    model('gpt-5.1', { billing: { multiplier: 1 } }), model('gpt-5-mini', { billing: { multiplier: 0 } }),
    model('gpt-5.2', { billing: { multiplier: 0 }, policy: { state: 'unconfigured' } }),
    model('gpt-4o', { billing: { multiplier: 0 }, supported_endpoints: ['/chat/completions'] }),
    model('claude-opus-5', { vendor: 'Anthropic', billing: { multiplier: 0 } }),
    model('oswe-vscode-prime', { billing: { multiplier: 0 } }))
  t.same(searchModels(seat, null), ['gpt-5-mini', 'gpt-5.1', 'gpt-5.5'])
  t.same(searchModels(seat, 'gpt-5.5'), ['gpt-5.5'])
  t.same(searchModels(list(model('gpt-5-mini', { model_picker_enabled: false })), null), [])
})

t.test("Codex's commands: new ones are named, and odd ones do no harm", async t => {
  const read = (commands: unknown, settings: unknown = {}) => readAlphaCommands({ commands, settings })
  t.match(
    read({ search_query: [{ q: 'a', recency: 7 }, { q: 'b', domains: ['x.example'] }], response_length: 'short' }, {
      external_web_access: 'cached',
      search_context_size: 'low',
      filters: { blocked_domains: ['y.example'] },
    }),
    [{
      type: 'search',
      query: 'a',
      question: 'a (only from the last 7 days)',
      settings: { isCached: true, size: 'low', blockedDomains: ['y.example'] },
    }, { query: 'b', question: 'b', settings: { allowedDomains: ['x.example'] } }],
  )
  t.match(
    read({ open: [{ ref_id: 'https://a.example/t' }, { ref_id: 'turn0search0' }],
      find: [{ ref_id: 'javascript:1', pattern: 'x' }] }),
    [{ type: 'page', url: 'https://a.example/t', pattern: null, settings: {
      allowedDomains: ['a.example'],
    } }, { url: '' }, { url: '', pattern: 'x' }],
  )
  t.match(read({ finance: [{}], 'odd name!': [{}] }), [{ type: 'unknown', name: 'finance' }, { type: 'unknown',
    name: 'the command' }])
  for (const odd of [null, [], 'x', { search_query: 'x' }, { search_query: [null, 5] }]) t.same(read(odd), [])
  t.equal(read({ search_query: Array.from({ length: 100 }, () => ({ q: 'x' })) }).length, 16)
})

t.test('the place of the user, in both of its forms', async t => {
  t.same(readLocation({ type: 'approximate', city: 'Bergen', country: '' }), { city: 'Bergen' })
  t.same(readLocation({ type: 'approximate', approximate: { country: 'NO' } }), { country: 'NO' })
  for (const none of [null, undefined, 'x', {}, { type: 'approximate' }]) t.equal(readLocation(none), null)
})
