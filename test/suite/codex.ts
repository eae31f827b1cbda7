// What Codex needs beyond an ordinary Responses client.
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'

/** The keys that Codex 0.171 or an older version requires of every entry. docs/spec/translation.md#codex-catalogue */
const required = ['slug', 'display_name', 'supported_reasoning_levels', 'shell_type', 'visibility', 'supported_in_api',
  'priority', 'base_instructions', 'supports_reasoning_summaries', 'support_verbosity', 'truncation_policy',
  'supports_parallel_tool_calls', 'experimental_supported_tools']

export function codexSuite ({ target, test }: Frame): void {
  const ask = (user: User, query: string) =>
    call(`${user.base}/models${query}`, { headers: { authorization: `Bearer ${user.password}` } })

  test('with client_version the list also has the catalogue of Codex', async t => {
    const user = await target.addUser()
    const plain = await ask(user, '')
    const { status, json: { models, ...rest } } = await ask(user, '?client_version=0.171.0')
    t.same([status, rest], [200, plain.json], 'next to the lists of the others')
    t.notOk('models' in plain.json)
    const chat = (plain.json.data as Array<{ id: string, capabilities: { type: string } }>).filter(({ capabilities }) =>
      capabilities.type === 'chat'
    ).map(({ id }) => id)
    t.same(models.map(({ slug }: { slug: string }) => slug).toSorted(), chat.toSorted(), 'each chat model, no other')
    for (const [priority, model] of models.entries()) {
      t.same(required.filter(key => model[key] === undefined || model[key] === null), [], model.slug)
      t.match(model, { priority, shell_type: 'unified_exec', supported_in_api: true, visibility: /^(?:list|hide)$/,
        truncation_policy: { mode: 'tokens', limit: 10_000 }, experimental_supported_tools: [] })
      t.ok(model.input_modalities.every((word: string) => word === 'text' || word === 'image'))
    }
  })

  test('an entry has what the seat has', async t => {
    const user = await target.addUser()
    const { json } = await ask(user, '?client_version=0.171.0')
    const entry = (slug: string) => json.models.find((model: { slug: string }) => model.slug === slug)
    t.match(entry('gpt-5.1'), { display_name: 'GPT-5.1', default_reasoning_level: 'medium', support_verbosity: true,
      default_verbosity: 'medium', context_window: 128_000, apply_patch_tool_type: 'freeform', visibility: 'list',
      supports_reasoning_summaries: true, input_modalities: ['text', 'image'] })
    t.match(entry('claude-sonnet-4.5'), { context_window: 168_000, max_context_window: 168_000,
      apply_patch_tool_type: 'freeform', supports_parallel_tool_calls: true })
    t.match(entry('gpt-4.1'), { supported_reasoning_levels: [], default_reasoning_level: null,
      supports_reasoning_summaries: false, support_verbosity: false, default_verbosity: null })
    t.match(entry('grok-code-fast-1'), { visibility: 'hide' }, 'nobody has accepted its terms')
    const shown = json.models.map((model: { visibility: string }) => model.visibility)
    t.equal(shown[0], 'list', 'the first is the default')
  })

  test('an early version gets no effort that it does not know', async t => {
    const { supports } = target.emulator.models.find(({ id }) => id === 'gpt-5.1')?.capabilities ?? {}
    const before = supports?.reasoning_effort ?? []
    t.teardown(() => Object.assign(supports ?? {}, { reasoning_effort: before }))
    Object.assign(supports ?? {}, { reasoning_effort: ['low', 'high', 'max'] })
    const user = await target.addUser()
    const efforts = async (version: string) => {
      const { json } = await ask(user, `?client_version=${version}`)
      const model = json.models.find(({ slug }: { slug: string }) => slug === 'gpt-5.1')
      return [model.default_reasoning_level,
        ...model.supported_reasoning_levels.map(({ effort }: { effort: string }) => effort)]
    }
    t.same(await efforts('0.92.0'), ['high', 'low', 'high'])
    t.same(await efforts('0.171.0'), ['high', 'low', 'high', 'max'])
    t.same(await efforts('latest'), ['high', 'low', 'high', 'max'], 'no version at all counts as the newest')
  })
}
