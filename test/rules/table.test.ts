// Every row of every table has a source and its own name, notices its violation, and has a fix that passes its own
// check. A body without violations comes back as the same object.
import { readFileSync, readdirSync } from 'node:fs'
import t from 'tap'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import { GatewayError } from '../../src/errors.ts'
import type { JsonObject } from '../../src/json.ts'
import { applyRules, rulesThatAnswer } from '../../src/rules/apply.ts'
import { ruleTables } from '../../src/rules/chosen.ts'
import { withRules } from '../../src/build/rules-doc.ts'
import { valuesOf } from '../../src/rules/learned.ts'
import type { Endpoint, Rule } from '../../src/rules/rule.ts'
import { target, violations } from './violations.ts'

const endpoints = Object.keys(ruleTables) as Endpoint[]
const rows = endpoints.flatMap(endpoint => ruleTables[endpoint].map(rule => ({ endpoint, rule })))
const newLedger = (strict = false) => createLedger({ strict, model: 'm', upstream: 'u' })

function run (
  rule: Rule,
  body: JsonObject,
  strict = false,
): { readonly body: JsonObject, readonly lost: readonly string[] } {
  const ledger = newLedger(strict)
  const { target: model, learned = [] } = violations[rule.id] ?? { target: target('gpt-4.1') }
  const values = valuesOf(new Set(learned)).get(rule.id) ?? []
  return {
    body: rule.apply(body, { target: model, lose: ledger.lose, refuse: ledger.refuse, values, rename: () => {},
      answerWith: () => {}, watchStop: () => {} }),
    lost: ledger.lost(),
  }
}

t.test('ids are unique, and every row has a source and a description', async t => {
  t.equal(new Set(rows.map(({ rule }) => rule.id)).size, rows.length)
  for (const { rule: { id, source, what, models } } of rows) {
    t.ok(
      ['live', 'read', 'guess'].includes(source.mark) && source.reference.length > 5 && what.endsWith('.')
        && models.length > 2,
      id,
    )
  }
  t.strictSame(Object.keys(violations).filter(id => !rows.some(({ rule }) => rule.id === id)), [],
    'no violation without a rule')
})

for (const { endpoint, rule } of rows) {
  if (rule.id === 'messages-beta') continue // It changes a header: see betas.test.ts.
  t.test(`${rule.id}: notices its violation, fixes it once, and names the loss`, async t => {
    const given = violations[rule.id]
    if (given === undefined) {
      t.fail('a violation for this row is missing')
      return
    }
    t.ok(rule.when !== 'always' || given.learned !== undefined || rule.applies(given.target),
      'the row is for this model')
    if (given.refuses === true) {
      t.throws(() => run(rule, given.body), GatewayError)
      return
    }
    const before = JSON.stringify(given.body)
    const { body, lost } = run(rule, given.body)
    t.not(body, given.body, 'it notices the violation')
    t.equal(JSON.stringify(given.body), before, 'it leaves its argument unchanged')
    t.equal(run(rule, body).body, body, 'its fix passes its own check')
    t.equal(run(rule, JSON.parse(JSON.stringify(body)) as JsonObject).lost.length, 0)
    if (rule.loses === 'no') t.strictSame(lost, [])
    if (lost.length > 0) t.throws(() => run(rule, given.body, true), GatewayError, 'strict mode refuses the loss')
    if (given.refusal === undefined) return
    const other = target('some-model')
    const answers = rulesThatAnswer({ status: 400, message: given.refusal }, endpoint, other)
    const isOn = rule.when === 'always' && rule.applies(other)
    t.equal(answers.some(answer => answer.rule === rule), !isOn, 'the refusal turns on the rule')
    t.strictSame(rulesThatAnswer({ status: 500, message: given.refusal }, endpoint, other), [])
  })
}

t.test('a body without violations comes back as the same object, for every kind of model', async t => {
  const tools = { type: 'object', properties: { a: { type: 'string', description: 'x' } }, required: ['a'] }
  const bodies: readonly (readonly [Endpoint, JsonObject])[] = [['/chat/completions', {
    model: 'm',
    messages: [{ role: 'user', content: 'hi 😀' }, { role: 'assistant', content: null,
      tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }] }, { role: 'tool',
      tool_call_id: 'c', name: 'f', content: 'r' }],
    tools: [{ type: 'function', function: { name: 'f', parameters: tools } }],
    stream: true,
  }], ['/responses', {
    model: 'm',
    input: [{ role: 'user', content: 'hi' }, { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' }, {
      type: 'function_call_output',
      call_id: 'c',
      output: 'r',
    }],
    tools: [{ type: 'function', name: 'f', parameters: tools, strict: false }],
    store: false,
    include: ['reasoning.encrypted_content'],
  }], ['/v1/messages', {
    model: 'm',
    max_tokens: 100,
    messages: [{ role: 'user', content: 'hi' }, { role: 'assistant',
      content: [{ type: 'tool_use', id: 'c', name: 'f', input: {} }] }, { role: 'user',
      content: [{ type: 'tool_result', tool_use_id: 'c', content: 'r' }] }],
    tools: [{ name: 'f', input_schema: tools }],
  }]]
  for (const id of ['gpt-4.1', 'gpt-5.1', 'o3', 'claude-sonnet-4', 'claude-opus-4.8', 'claude-opus-5', 'gemini-2.5-pro',
    'kimi-k3', 'grok-code', 'new-model']) {
    for (const [endpoint, given] of bodies) {
      // Kimi's ids contain the number of the call in the conversation.
      const body = id === 'kimi-k3' ? JSON.parse(JSON.stringify(given).replaceAll('"c"', '"f:0"')) as JsonObject : given
      const ledger = newLedger(true)
      t.equal(applyRules(endpoint, body, target(id), ledger).body, body, `${id} ${endpoint}`)
    }
  }
})

t.test('the documented rules are the tables that the code applies', async t => {
  const document = readFileSync('docs/spec/copilot.md', 'utf8')
  t.equal(withRules(document), document, 'npm run docs writes them')
})

t.test("only model-facts.ts and model-names.ts check a model's name; dialects, relay and handlers do not", async t => {
  const forms = [/(?:startsWith|endsWith|includes|test|match|exec|RegExp)\([^)]*['"/^`](?:claude|gpt|gemini|grok|kimi)/,
    /(?:startsWith|endsWith|includes|test|match|exec|RegExp)\([^)]*['"/^`](?:o1|o\\d|o\[|haiku|sonnet|opus)/,
    /\/\^?\(?(?:\?:)?(?:claude|gpt|gemini|o\\d|o\[|grok)/, /\.family\s*[!=]==?\s*'/,
    /['"](?:claude|gpt|gemini|grok|kimi|haiku|sonnet|opus)[\w.-]*['"]\s*[,\]=]/]
  const tests = new RegExp(forms.map(({ source }) => source).join('|'))
  const found = ['dialects', 'relay', 'handlers'].flatMap(folder =>
    readdirSync(`src/${folder}`, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.ts')).flatMap(
      name =>
        readFileSync(`src/${folder}/${name}`, 'utf8').split('\n').filter(line =>
          tests.test(line) && !/^\s*(?:\/\/|\/?\*)/.test(line)
        ).map(line => `${folder}/${name}: ${line.trim()}`)
    )
  )
  t.strictSame(found, [])
  for (const line of ['if (/^o[13]/.test(id)) return', "id.startsWith('claude-')", "target.family === 'gemini'",
    "const families = ['sonnet', 'opus']"]) t.match(line, tests)
})
