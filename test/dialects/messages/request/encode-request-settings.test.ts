import t from 'tap'
import { unpackCarrier, packCarrier } from '../../../../src/dialects/shared/carrier.ts'
import type { Block, Prompt, Turn } from '../../../../src/dialects/contract/prompt.ts'
import { collectAnswer } from '../../../../src/relay/collect.ts'
import { dialect, newLedger, older, request, target, type Json } from '../fixtures.ts'

const lost = (given: Partial<Prompt>, to = target()): readonly string[] => {
  const ledger = newLedger()
  request(given, to, ledger)
  return ledger.lost()
}
const tools = [{ name: 'f', namespace: null, kind: 'function', builtin: null, description: null, schema: null,
  strict: null, grammar: null, cache: false }] as const

t.test('effort becomes adaptive thinking, or a budget for models without it (golden 62)', t => {
  const adaptive = { type: 'adaptive', display: 'omitted' }
  const table: ReadonlyArray<readonly [Partial<Prompt>, Json, Json]> = [[{}, target(), { thinking: undefined,
    output_config: undefined }], [{ effort: 'low' }, target(), { thinking: adaptive,
    output_config: { effort: 'low' } }], [{ effort: 'minimal', showReasoning: true }, target(), {
    thinking: { type: 'adaptive', display: 'summarized' },
    output_config: { effort: 'low' },
  }], [{ effort: 'xhigh' }, target(), { thinking: adaptive, output_config: { effort: 'high' } }], [{ effort: 'none' },
    target(), { thinking: { type: 'disabled' }, output_config: undefined }], [{ effort: 'low', maxTokens: 1_000 },
    older(), { thinking: { type: 'enabled', budget_tokens: 4_096 }, max_tokens: 5_120 }], [{ effort: 'high' }, older(),
    { thinking: { type: 'enabled', budget_tokens: 14_976 }, max_tokens: 16_000 }], [{ effort: 'max' },
    older({ maxOutputTokens: 64_000 }), { thinking: { type: 'enabled', budget_tokens: 31_999 }, max_tokens: 64_000 }], [
    { effort: 'high' },
    older({ thinkingBudget: null }),
    { thinking: undefined },
  ], [{ effort: 'high', tools, toolChoice: { type: 'required' } }, target(), { thinking: { type: 'disabled' },
    tool_choice: { type: 'any' } }]]
  for (const [given, to, expected] of table) {
    const out = request(given, to)
    for (const key of Object.keys(expected)) t.same(out[key], expected[key], `${JSON.stringify(given)} ${key}`)
  }
  t.same(lost({ effort: 'high' }, older({ thinkingBudget: null })), ['thinking'])
  t.same(lost({ effort: 'high', tools, toolChoice: { type: 'required' } }), ['thinking'])
  t.end()
})

t.test('sampling, stops and the user (golden 64, 78, 86)', t => {
  t.match(request({ temperature: 1.5, stop: ['END', ' '] }), { temperature: 1, stop_sequences: ['END'] })
  t.same(
    lost({ temperature: 1.5, stop: ['END', ' '], verbosity: 'low', cacheKey: 'k', serviceTier: 'flex' }).toSorted(),
    ['prompt_cache_key', 'service_tier', 'temperature', 'verbosity'],
  )
  t.same(lost({ verbosity: 'medium', serviceTier: 'auto' }), [])
  t.equal(request({ temperature: 0.5, effort: 'low' }).temperature, undefined)
  t.equal(request({ temperature: 0.5, topP: 0.5 }).top_p, undefined)
  t.same(request({ user: 'u-1' }).metadata, { user_id: 'u-1' })
  for (const user of ['a@b.example', '+49 170 1234567']) t.equal(request({ user }).metadata, undefined)
  t.throws(() => request({ topLogprobs: 0 }), { code: 'unsupported_parameter', param: 'logprobs' })
  t.end()
})

t.test('JSON by schema if the model supports it, otherwise by instruction (golden 60)', t => {
  const format = { type: 'schema', name: 'n', description: null, schema: { $schema: 's', type: 'object' },
    strict: true } as const
  t.same(request({ format }).output_config, {
    format: { type: 'json_schema', schema: { type: 'object', additionalProperties: false } },
  })
  t.match(request({ format, tools }, older()).system.at(-1).text, /schema:\n\{"type":"object"\}/)
  t.same(lost({ format, tools }, older()), ['response_format'])
  t.match(request({ format }, older()), { system: undefined,
    tools: [{ name: 'structured_answer', input_schema: { type: 'object' } }],
    tool_choice: { type: 'tool', name: 'structured_answer' } })
  t.same(lost({ format }, older()), [])
  t.match(request({ format: { type: 'json' }, system: [{ type: 'text', text: 'a' }] }).system[1].text,
    /single valid JSON object/)
  t.end()
})

t.test('thoughts go back unchanged, first in their turn, and only to their own upstream (golden 25, 70)', t => {
  const thought = { type: 'thinking', thinking: 'hm', signature: 'S' }
  const [, , end] = dialect.decodeAnswer({ content: [thought], id: 'm', stop_reason: 'end_turn' }).slice(1)
  const carrier = end?.type === 'block-end' ? end.carrier ?? null : null
  t.ok(carrier)
  const back = carrier === null ? null : unpackCarrier(packCarrier({ ...carrier, model: 'claude-sonnet-4.6' }))
  const turn = (
    ...blocks: Block[]
  ): Turn[] => [{ role: 'user', blocks: [{ type: 'text', text: 'x' }] }, { role: 'assistant', blocks }, { role: 'user',
    blocks: [{ type: 'tool-result', id: 'a', blocks: [], isError: null }] }]
  const call: Block = { type: 'tool-call', id: 'a', name: 'f', namespace: null, kind: 'function', builtin: null,
    input: '{}' }
  const sent = (block: Block): Json =>
    request({ tools, turns: turn({ type: 'text', text: 'y' }, block, call), effort: 'low' }, older())
  t.match(sent({ type: 'reasoning', text: 'shortened', carrier: back }), { thinking: { type: 'enabled' },
    messages: [{}, { content: [thought, { text: 'y' }, { type: 'tool_use' }] }] })
  for (const wrong of [null, { kind: 'r', item: { id: 'rs' }, model: 'gpt-5.1' }, { kind: 'm',
    item: { type: 'tool_use' }, model: null }, { kind: 'm', item: thought, model: 'gpt-5.1' }] as const) {
    const out = sent({ type: 'reasoning', text: 'hm', carrier: wrong })
    t.same(out.messages[1].content.map((block: Json) => block.type), ['text', 'tool_use'])
    t.same(out.thinking, { type: 'disabled' }, 'a budget is refused if thoughts are missing')
  }
  t.end()
})

t.test('the same history gives the same bytes, and a longer one begins with them', t => {
  const turns = (count: number): Turn[] =>
    Array.from({ length: count },
      (_, at): Turn => ({ role: at % 2 === 0 ? 'user' : 'assistant', blocks: [{ type: 'text', text: `t${at}` }] }))
  const bytes = (count: number): string =>
    JSON.stringify(request({ turns: turns(count), tools, effort: 'low' })).replaceAll(
      ',"cache_control":{"type":"ephemeral"}',
      '',
    )
  t.equal(bytes(5), bytes(5))
  t.ok(bytes(7).startsWith(bytes(5).slice(0, -2)))
  t.ok(collectAnswer(dialect.decodeAnswer({ content: [], stop_reason: 'end_turn' })))
  t.end()
})
