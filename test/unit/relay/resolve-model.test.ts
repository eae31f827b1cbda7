import t from 'tap'
import type { KnownModels, Model } from '../../../src/model-entry.ts'
import { droppedHeader, passedHeaders } from '../../../src/relay/headers.ts'
import { modelNotFound, resolveModel } from '../../../src/relay/resolve-model.ts'

const ids = ['gpt-4o', 'gpt-4.1', 'o1', 'claude-sonnet-4.5', 'claude-sonnet-4', 'claude-haiku-4.5', 'claude-3.5-sonnet',
  'claude-opus-4.1']
const list = toList(ids)
const none = new Map<string, string>()

function toList (ids: readonly string[]): KnownModels {
  const models: Model[] = ids.map(id => ({ id,
    capabilities: { type: 'chat', supports: { streaming: id !== 'gpt-4.1' } } })
  )
  return { models, byId: new Map(models.map(model => [model.id, model])) }
}

t.test("resolveModel() finds an id with a prefix or suffix, and with Claude's dashes and date", async t => {
  const cases: Record<string, string | null> = {
    'gpt-4o': 'gpt-4o',
    'github_copilot/gpt-4o': 'gpt-4o',
    'claude-sonnet-4-5-20250929': 'claude-sonnet-4.5',
    'claude-sonnet-4-5': 'claude-sonnet-4.5',
    'claude-sonnet-4-5[1m]': 'claude-sonnet-4.5',
    'claude-sonnet-4-20250514': 'claude-sonnet-4',
    'claude-3-5-sonnet-latest': 'claude-3.5-sonnet',
    'github_copilot/claude-opus-4-1-20250805': 'claude-opus-4.1',
    'gpt-9': null,
    '': null,
    'GPT-4o': null,
  }
  for (const [asked, id] of Object.entries(cases)) t.equal(resolveModel(asked, list, none)?.id ?? null, id, asked)
})

t.test('resolveModel() maps a family name to its newest model, and removes an unknown date from an id', async t => {
  const of = (...entries: Array<string | Model>): KnownModels => {
    const models = entries.map((entry): Model =>
      typeof entry === 'string' ? { id: entry, capabilities: { type: 'chat' } } : entry
    )
    return { models, byId: new Map(models.map(model => [model.id, model])) }
  }
  const seat = of('gpt-4o', 'gpt-5-mini', 'gpt-5.10', 'gpt-5.9', 'gpt-5.11-codex', 'claude-3.5-sonnet',
    'claude-sonnet-4.5', 'claude-sonnet-4', 'claude-opus-4.6', 'claude-opus-4.6-fast', 'claude-opus-4.10',
    'claude-mythos-2', { id: 'claude-sonnet-9', capabilities: { type: 'chat' }, policy: { state: 'unconfigured' } }, {
    id: 'gpt-9',
    capabilities: { type: 'completion' },
  }, { id: 'gpt-8', capabilities: { type: 'chat' }, model_picker_enabled: false }, 'gemini-2.5-pro', 'gemini-3-flash',
    'gemini-3.1-pro-preview')
  const cases: Record<string, string | null> = {
    'sonnet': 'claude-sonnet-4.5',
    'opus': 'claude-opus-4.10',
    'haiku': null,
    'gpt': 'gpt-5.10',
    'gemini': 'gemini-3.1-pro-preview',
    'opus[1m]': 'claude-opus-4.10',
    'github_copilot/sonnet': 'claude-sonnet-4.5',
    'gpt-4o-2030-01-01': 'gpt-4o',
    'gpt-4o-20300101': 'gpt-4o',
    'gpt-4o-latest': 'gpt-4o',
    'gemini-2.5-pro-preview-06-05': 'gemini-2.5-pro',
    'gemini-9-flash-lite': 'gemini-3-flash',
    'gemini-9-pro-preview': 'gemini-3.1-pro-preview',
    'gpt-6-2030-01-01': null,
    'claude-opus-4-1-20250805': 'claude-opus-4.10',
    'claude-3-7-sonnet-20250219': 'claude-sonnet-4.5',
    'claude-3-5-haiku-latest': null,
    'claude-mythos-1-20270101': 'claude-mythos-2',
    'claude-sonnet-4.9': null,
    'claude': null,
    'sonnets': null,
    'o': null,
  }
  for (const [asked, id] of Object.entries(cases)) t.equal(resolveModel(asked, seat, none)?.id ?? null, id, asked)
  t.equal(
    resolveModel('sonnet', of({ id: 'claude-sonnet-9', capabilities: {}, policy: { state: 'disabled' } }), none)?.id,
    'claude-sonnet-9',
    'better than none: Copilot then says what is missing',
  )
  t.equal(resolveModel('opus', null, none)?.id, 'opus', 'without a list the model is unknown')
  t.equal(resolveModel('sonnet', seat, new Map([['sonnet', 'claude-sonnet-4']]))?.id, 'claude-sonnet-4')
})

t.test('an alias wins over an existing id', async t => {
  const aliases = new Map([['gpt-4o', 'claude-haiku-4-5'], ['mine', 'github_copilot/gpt-4.1']])
  t.equal(resolveModel('gpt-4o', list, aliases)?.id, 'claude-haiku-4.5')
  t.equal(resolveModel('mine', list, aliases)?.id, 'gpt-4.1')
})

t.test('resolveModel() decides by the id if there is no list', async t => {
  for (const [asked, id] of [['claude-sonnet-4-5-20250929', 'claude-sonnet-4.5'], ['github_copilot/gpt-5', 'gpt-5'], [
    'gpt-5',
    'gpt-5',
  ]] as const) t.match(resolveModel(asked, null, none), { id, entry: null, streams: true })
})

t.test('resolveModel() marks the models that do not stream', async t => {
  t.equal(resolveModel('gpt-4o', list, none)?.streams, true)
  t.equal(resolveModel('gpt-4.1', list, none)?.streams, false, 'not listed as streaming')
  for (const id of ['o1', 'o1-mini', 'o3', 'o3-mini']) t.equal(resolveModel(id, null, none)?.streams, false, id)
})

t.test('modelNotFound() names the nearest ids of the seat', async t => {
  t.match(modelNotFound('claude-sonet-4.5', list), { code: 'model_not_found', status: 404, param: 'model',
    message: /Nearest: claude-sonnet-4\.5/ })
  const seat = toList(['gpt-5.1', 'gpt-5.2', 'gpt-5.4', 'gpt-5.4-mini', 'gpt-5.5', 'gpt-5.6', 'gpt-4o', 'gpt-5-mini'])
  for (const asked of ['gpt5', 'GPT5', 'gpt5mini', 'gpt-5']) {
    t.match(modelNotFound(asked, seat).message, /Nearest: gpt-5-mini/, asked)
  }
  t.notMatch(modelNotFound('zzz', list).message, /Nearest/)
  t.ok(modelNotFound('x'.repeat(100_000), list).message.length < 400)
})

t.test('passedHeaders() passes named headers with plain values only', async t => {
  t.strictSame(passedHeaders({
    'retry-after': '7',
    'x-quota-snapshot-chat': 'ent=1',
    'x-ratelimit-remaining': '0',
    'x-github-request-id': 'A:B',
    'x-usage-ratelimit-weekly': 'ent=0',
    'set-cookie': 'a',
    'content-encoding': 'gzip',
    'transfer-encoding': 'chunked',
    'x-copilot-experiment': 'e',
    'x-request-id': 'theirs',
    'x-quota-snapshot-bad': 'a\r\nb',
    'x-ratelimit-long': 'x'.repeat(257),
    'x-ratelimit-none': undefined,
  }), { 'retry-after': '7', 'x-quota-snapshot-chat': 'ent=1', 'x-ratelimit-remaining': '0',
    'x-github-request-id': 'A:B', 'x-usage-ratelimit-weekly': 'ent=0' })
})

t.test('droppedHeader() names each loss once, and is absent without a loss', async t => {
  t.strictSame(droppedHeader([]), {})
  t.strictSame(droppedHeader(['a', 'b', 'a']), { 'x-proxy-dropped': 'a,b' })
  t.equal(droppedHeader(['x'.repeat(5_000)])['x-proxy-dropped']?.length, 1_024)
})
