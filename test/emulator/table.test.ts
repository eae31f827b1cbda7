// Each rule of the emulator's table: a request that breaks it is refused with exactly this text in exactly this
// envelope, the most similar valid request is accepted, and without the rule the text does not appear.
import t from 'tap'
import { connect, png, says } from './client.ts'
import { requestCases } from './table-requests.ts'
import { toolCases } from './table-tools.ts'
import { rules } from '../../src/emulator/rules/rules.ts'
import type { Case } from './table-kit.ts'
import type { Client, Json } from './client.ts'
import type { Rule } from '../../src/emulator/rules/rule.ts'
import type { Strictness } from '../../src/emulator/emulator.ts'

const cases: Record<string, Case> = { ...requestCases, ...toolCases }
/** These need an earlier answer of the emulator. Their tests are below and in chat-answers.test.ts. */
const inTurns = ['redacted-data', 'opaque-owed']

async function client (t: Test): Promise<Client> {
  const made = await connect(t, { strict: { promptTokens: true, quota: false, backends: ['anthropic'] } })
  const [like] = made.emulator.models
  if (like !== undefined) {
    made.emulator.models.push({ ...like, id: 'emulated-mute',
      capabilities: { ...like.capabilities, supports: { streaming: true } } })
  }
  return made
}
interface Test {
  teardown: (end: () => Promise<void>) => void
}

/** The possible bodies of a refusal, each written out. */
function bodies ({ envelope }: Rule, words: string): string[] {
  return [envelope].flat().map(kind => {
    if (typeof kind === 'object') {
      return `{"error":{"code":${JSON.stringify(kind.code)},"message":${JSON.stringify(words)}}}\n`
    }
    switch (kind) {
      case 'wrapped':
        return `{"error":{"code":"invalid_request_body","message":${JSON.stringify(words)}}}\n`
      case 'flat':
        return `{"message":${JSON.stringify(words)}}`
      case 'provider':
        return `{"error":{"message":${
          JSON.stringify(words)
        },"type":"invalid_request_error"},"request_id":"req_","type":"error"}`
      case 'blank':
        return 'Bad Request\n'
      case 'too-large':
        return 'Request Entity Too Large\n'
      default:
        return '{"error":{"code":"","message":"failed to parse request"}}\n'
    }
  })
}

t.test('the table has no rule without a source and no rule without a case', async t => {
  t.same(rules.map(({ id }) => id).filter((id, index, all) => all.indexOf(id) !== index), [], 'ids are unique')
  t.same(rules.filter(({ source }) => source === ''), [])
  t.same(rules.map(({ id }) => id).filter(id => cases[id] === undefined && !inTurns.includes(id)), [])
  t.same(Object.keys(cases).filter(id => !rules.some(rule => rule.id === id)), [])
})

t.test('each rule refuses with its own text, accepts a similar valid request, and can be switched off', async t => {
  const { emulator, post } = await client(t)
  const usual = { ...emulator.strict }
  for (const rule of rules) {
    const one = cases[rule.id]
    if (one === undefined) continue
    await t.test(`${rule.id}: ${rule.mark}, ${rule.by}`, async t => {
      const set = (on: boolean): Strictness => Object.assign(emulator.strict, usual, { [rule.by]: on }, one.strict)
      set(true)
      const refused = await post(one.path, one.bad, one.badHeaders)
      const expected = [one.words].flat().flatMap(words => bodies(rule, words))
      t.ok(expected.includes(refused.text.replace(/"req_\w+"/, '"req_"')),
        `${refused.status} ${refused.text.slice(0, 300)}`)
      t.equal(refused.status, /too-large|unparsed/.test(JSON.stringify(rule.envelope)) ? 413 : 400)
      const accepted = await post(one.path, one.good, one.goodHeaders)
      t.equal(accepted.status, 200, accepted.text.slice(0, 300))
      set(false)
      const freed = await post(one.path, one.bad, one.badHeaders)
      if (rule.envelope !== 'blank') t.notOk(expected.includes(freed.text), 'the setting switches it off')
    })
  }
  t.same(emulator.problems, [])
})

t.test('providerWords switches on every unconfirmed rule at once', async t => {
  const { emulator, post } = await client(t)
  emulator.strict.providerWords = true
  for (const rule of rules.filter(({ mark, id }) => mark === 'guess' && cases[id]?.strict === undefined)) {
    const one = cases[rule.id]
    if (one === undefined) continue
    t.ok((await post(one.path, one.bad, one.badHeaders)).status >= 400, rule.id)
  }
})

t.test('a signature in redacted thinking is refused', async t => {
  const { post } = await client(t)
  const ask = { model: 'claude-sonnet-4', max_tokens: 2000, thinking: { type: 'enabled', budget_tokens: 1024 } }
  const { json }: { json: Json } = await post('/v1/messages', { ...ask, messages: says('hello') })
  const again = (data: string) =>
    post('/v1/messages', { ...ask,
      messages: [...says('hello'), { role: 'assistant',
        content: [{ type: 'redacted_thinking', data }, { type: 'text', text: 'I' }] }, ...says('go on')] })
  t.match(await again(json.content[0].signature), { status: 400,
    json: { message: "messages.1.content.0: Invalid 'data' in 'redacted_thinking' block" } })
  t.equal((await again('else')).status, 200)
})

t.test('a violation in a later element is found too', async t => {
  const { post } = await client(t)
  const deep = { type: 'object',
    properties: { a: { type: 'object', properties: {}, $defs: { b: { anyOf: [{ type: ['string', 'null'] }] } } } } }
  const ask = (parameters: object) =>
    post('/chat/completions', { model: 'gemini-2.5-pro', messages: says(png.slice(0, 5)),
      tools: [{ type: 'function', function: { name: 'f', parameters } }] })
  t.match(await ask(deep), { status: 400, text: 'Bad Request\n' })
})
