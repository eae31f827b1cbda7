import t from 'tap'
import type { KnownModels, Model } from '../../../src/model-entry.ts'
import { droppedHeader, passedHeaders } from '../../../src/relay/headers.ts'
import { modelNotFound, resolveModel } from '../../../src/relay/resolve-model.ts'

const ids = ['gpt-4o', 'gpt-4.1', 'o1', 'claude-sonnet-4.5', 'claude-sonnet-4', 'claude-haiku-4.5', 'claude-3.5-sonnet', 'claude-opus-4.1']
const models: Model[] = ids.map(id => ({ id, capabilities: { type: 'chat', supports: { streaming: id !== 'gpt-4.1' } } }))
const list: KnownModels = { models, byId: new Map(models.map(model => [model.id, model])) }
const none = new Map<string, string>()

t.test('resolveModel() finds an id as it is, without prefix or suffix, and with Claude\'s dashes and dates', async t => {
  const cases: Record<string, string | null> = {
    'gpt-4o': 'gpt-4o', 'github_copilot/gpt-4o': 'gpt-4o', 'claude-sonnet-4-5-20250929': 'claude-sonnet-4.5', 'claude-sonnet-4-5': 'claude-sonnet-4.5', 'claude-sonnet-4-5[1m]': 'claude-sonnet-4.5',
    'claude-sonnet-4-20250514': 'claude-sonnet-4', 'claude-3-5-sonnet-latest': 'claude-3.5-sonnet', 'github_copilot/claude-opus-4-1-20250805': 'claude-opus-4.1', 'gpt-9': null, '': null, 'GPT-4o': null,
  }
  for (const [asked, id] of Object.entries(cases)) t.equal(resolveModel(asked, list, none)?.id ?? null, id, asked)
})

t.test('resolveModel() lets an alias win over an id that exists', async t => {
  const aliases = new Map([['gpt-4o', 'claude-haiku-4-5'], ['mine', 'github_copilot/gpt-4.1']])
  t.equal(resolveModel('gpt-4o', list, aliases)?.id, 'claude-haiku-4.5')
  t.equal(resolveModel('mine', list, aliases)?.id, 'gpt-4.1')
})

t.test('resolveModel() goes by the id while there is no list', async t => {
  for (const [asked, id] of [['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'], ['github_copilot/gpt-5', 'gpt-5'], ['gpt-5', 'gpt-5']] as const) t.match(resolveModel(asked, null, none), { id, entry: null, streams: true })
})

t.test('resolveModel() says which models do not stream', async t => {
  t.equal(resolveModel('gpt-4o', list, none)?.streams, true)
  t.equal(resolveModel('gpt-4.1', list, none)?.streams, false, 'not listed as streaming')
  for (const id of ['o1', 'o1-mini', 'o3', 'o3-mini']) t.equal(resolveModel(id, null, none)?.streams, false, id)
})

t.test('modelNotFound() names the nearest ids of the seat', async t => {
  t.match(modelNotFound('claude-sonet-4.5', list), { code: 'model_not_found', status: 404, param: 'model', message: /Nearest: claude-sonnet-4\.5/ })
  t.notMatch(modelNotFound('zzz', list).message, /Nearest/)
  t.ok(modelNotFound('x'.repeat(100_000), list).message.length < 400)
})

t.test('passedHeaders() passes what was named, and no value that is not plain', async t => {
  t.strictSame(passedHeaders({
    'retry-after': '7', 'x-quota-snapshot-chat': 'ent=1', 'x-ratelimit-remaining': '0', 'x-github-request-id': 'A:B', 'x-usage-ratelimit-weekly': 'ent=0',
    'set-cookie': 'a', 'content-encoding': 'gzip', 'transfer-encoding': 'chunked', 'x-copilot-experiment': 'e', 'x-request-id': 'theirs', 'x-quota-snapshot-bad': 'a\r\nb', 'x-ratelimit-long': 'x'.repeat(257), 'x-ratelimit-none': undefined,
  }), { 'retry-after': '7', 'x-quota-snapshot-chat': 'ent=1', 'x-ratelimit-remaining': '0', 'x-github-request-id': 'A:B', 'x-usage-ratelimit-weekly': 'ent=0' })
})

t.test('droppedHeader() names each loss once, and none at all', async t => {
  t.strictSame(droppedHeader([]), {})
  t.strictSame(droppedHeader(['a', 'b', 'a']), { 'x-proxy-dropped': 'a,b' })
  t.equal(droppedHeader(['x'.repeat(5_000)])['x-proxy-dropped']?.length, 1_024)
})
