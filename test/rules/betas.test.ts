import t from 'tap'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { applyRules, rulesThatAnswer } from '../../src/rules/apply.ts'
import { withoutBetas } from '../../src/rules/betas.ts'
import { target } from './violations.ts'

t.test('a beta that Copilot refuses by name is left out and reported as lost', async t => {
  const model = target('claude-sonnet-4.5')
  const message =
    'Unexpected value(s) `context-management-2025-06-27` for the `anthropic-beta` header. Please consult our '
    + 'documentation'
  const [answer] = rulesThatAnswer({ status: 400, message }, '/v1/messages', model)
  t.equal(answer?.key, 'messages-beta=context-management-2025-06-27')
  const learned = new Set([answer?.key ?? ''])
  t.strictSame(rulesThatAnswer({ status: 400, message }, '/v1/messages', model, learned), [], 'once is enough')
  t.strictSame(
    withoutBetas({ 'anthropic-beta': 'context-management-2025-06-27,advanced-tool-use-2025-11-20', 'x': 'y' }, learned),
    { 'x': 'y', 'anthropic-beta': 'advanced-tool-use-2025-11-20' },
  )
  t.strictSame(withoutBetas({ 'anthropic-beta': 'context-management-2025-06-27' }, learned), {},
    'an empty header is refused too')
  const ledger = createLedger({ strict: false, model: 'm', upstream: 'u' })
  const body = { max_tokens: 100, messages: [] }
  t.equal(applyRules('/v1/messages', body, model, ledger, { learned }).body, body)
  t.strictSame(ledger.lost(), ['anthropic-beta.context-management-2025-06-27'])
})

t.test('content that needs a refused beta is left out with it', async t => {
  const ledger = createLedger({ strict: false, model: 'm', upstream: 'u' })
  const tool = { name: 'f', input_schema: { type: 'object', properties: {} } }
  const body = { max_tokens: 100, messages: [{ role: 'user', content: 'hi' }],
    context_management: { edits: [{ type: 'clear_tool_uses_20250919' }] },
    tools: [{ ...tool, defer_loading: true }, { ...tool, name: 'g' }] }
  const fitted = (beta: string) =>
    JSON.parse(JSON.stringify(applyRules('/v1/messages', body, target('claude-sonnet-4.5'), ledger, {
      learned: new Set([`messages-beta=${beta}`]),
    }).body)) as typeof body
  t.notOk('context_management' in fitted('context-management-2025-06-27'))
  t.strictSame(fitted('advanced-tool-use-2025-11-20').tools, [tool, { ...tool, name: 'g' }])
  t.strictSame(fitted('interleaved-thinking-2025-05-14'), body)
})
