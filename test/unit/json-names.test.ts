// V8 hashes a name of more than 16,383 characters by its length alone, so many such names in one object would take
// quadratic time. Nobody needs them: they are refused before the text is parsed, wherever JSON comes from outside.
import fc from 'fast-check'
import t from 'tap'
import { utf8 } from '../../src/bytes.ts'
import { repairObject } from '../../src/dialects/shared/json-guard.ts'
import { parseJson, parseObjectWithin, readJsonObject } from '../../src/json.ts'
import { maxNameLength } from '../../src/json-limits.ts'
import { readJsonObjectInTurns } from '../../src/json-pieces.ts'

const long = 'n'.repeat(maxNameLength + 1)
const refusal = { code: 'invalid_request', message: /a name in the body/i }

t.test('a name of 8,192 characters passes, a longer one is refused, with any space and escape', async t => {
  const fits = 'n'.repeat(maxNameLength)
  t.equal(readJsonObject(utf8(`{"a":1,"${fits}" :2}`))[fits], 2)
  const wrong = [`{"${long}":1}`, `{"a":{"b":[{"${long}" \n\t:1}]}}`, `{"${'\\"'.repeat(4_100)}":1}`,
    `{"${'\\\\'.repeat(4_100)}":1}`, `{"x":"${'y'.repeat(9_000)}","${long}":"z"}`]
  for (const text of wrong) {
    t.throws(() => readJsonObject(utf8(text)), refusal)
    t.throws(() => parseJson(text), refusal)
    t.equal(parseObjectWithin(text), null)
    t.equal(repairObject(text), null)
    await t.rejects(readJsonObjectInTurns(utf8(text), 16, 0), refusal)
  }
  const many = `"k":{${Array.from({ length: 9_000 }, (_, nth) => `"${nth}":{}`).join(',')}}`
  t.throws(() => readJsonObject(utf8(`{${many},"l":{${many}},"${long}":1}`)), refusal, 'behind 10,000 colons')
})

t.test('long texts pass, whatever quotes, backslashes and colons they contain', async () => {
  const part = fc.constantFrom('"', '\\', ':', ': ', '",', '":', '\\"', '{"', 'a', '\n', 'n'.repeat(9_000))
  const text = fc.array(part, { maxLength: 12 }).map(parts => parts.join(''))
  const value = fc.oneof(text, fc.array(text, { maxLength: 4 }),
    fc.dictionary(fc.constantFrom('a', '"', ':', '\\'), text))
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom('a', 'b"', '\\', ':c'), value), fc.constantFrom(0, 1), (body, indent) => {
      const json = JSON.stringify(body, null, indent)
      return JSON.stringify(readJsonObject(utf8(json))) === JSON.stringify(JSON.parse(json))
    }),
  )
})

t.test('five hundred names of one length cost no more than their length', async t => {
  const before = process.cpuUsage()
  const names = Array.from({ length: 500 }, (_, nth) => `"${'n'.repeat(16_390)}${String(nth).padStart(4, '0')}":0`)
  const text = `{"€":1,${names.join(',')}}`
  for (const read of [() => parseJson(text), () => readJsonObject(utf8(text))]) t.throws(read, refusal)
  const { user, system } = process.cpuUsage(before)
  t.comment(`${Math.round((user + system) / 1_000)} ms, where JSON.parse takes most of a second`)
})

t.test('an id or a name of a call, a tool or a schema has at most 8,192 characters', async t => {
  const tooLong = { code: 'invalid_request', message: /An id or a name in the body has more than 8192 characters/ }
  const bodies = (id: string) => [{ messages: [{ role: 'assistant', tool_calls: [{ id, type: 'function' }] }] }, {
    messages: [{ role: 'tool', tool_call_id: id, content: 'r' }],
  }, { input: [{ type: 'function_call', call_id: id }] }, {
    messages: [{ role: 'user', content: [{ type: 'tool_result', tool_use_id: id }] }],
  }, { stop: ['a', id] }, { tools: [{ name: id }] }, { tools: [{ input_schema: { properties: { a: { $ref: id } } } }] },
    { tools: [{ parameters: { required: ['a', id] } }] }, { tools: [{ parameters: { enum: [[id]] } }] }]
  for (const body of bodies(long)) {
    const text = utf8(JSON.stringify(body))
    t.throws(() => readJsonObject(text), tooLong)
    await t.rejects(readJsonObjectInTurns(text, 16, 0), tooLong, 'one is enough, whichever way the body is parsed')
    const padded = utf8(JSON.stringify({ ...body, more: Array.from({ length: 20 }, () => long) }))
    await t.rejects(readJsonObjectInTurns(padded, 16, 0), tooLong)
  }
  for (const body of bodies('n'.repeat(maxNameLength))) t.strictSame(readJsonObject(utf8(JSON.stringify(body))), body)
})

t.test('what a tool gets or gives, and texts, may have any length', async t => {
  const body = { model: 'm', input: [{ type: 'message', content: [{ type: 'input_text', text: long }] }],
    messages: [{ role: 'assistant',
      content: [{ type: 'tool_use', id: 'c', name: 'f', input: { id: long, name: long } }] }, { content: long,
      data: [long], parts: [{ functionCall: { name: 'f', args: { enum: [long] } } }] }] }
  const text = utf8(JSON.stringify({ ...body, more: Array.from({ length: 20 }, () => long) }))
  t.match(readJsonObject(text), body)
  t.match(await readJsonObjectInTurns(text, 16, 0), body)
})
