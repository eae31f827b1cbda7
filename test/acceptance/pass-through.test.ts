// The gateway leaves alone what need not change: a request keeps its bytes, a stream keeps its lines.
import t from 'tap'
import { call } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'

const path = '/chat/completions'
const target = await startTarget('node-memory')
const { emulator } = target
const { base, password } = await target.addUser()
const send = (body: string) =>
  call(`${base}${path}`, { method: 'POST', body,
    headers: { 'content-type': 'application/json', authorization: `Bearer ${password}` } })
// For the emulated models a body of this size would be too long.
emulator.strict.promptTokens = false

/** JSON that no serialiser writes: odd order, white space, escapes and numbers, a repeated key, unknown keys. */
const odd = (stream: boolean, length: number) =>
  `{ "temperature" :1.0,\r\n\t"stream":${stream} , "x-unknown": {"b":1e2,"a":[ ]}, "seed": 12345678901234567890,
  "messages":[{"content":"caf\\u00e9 \\/ \\ud83d\\ude42 ${
    'x'.repeat(length)
  } ü漢🙂","role":"user","role":"user"}],"model" : "gpt-4o" }\n`

for (const stream of [false, true]) {
  t.test(`a body of 600 KB reaches Copilot byte for byte${stream ? ', streamed' : ''}`, async t => {
    const body = odd(stream, 600_000)
    target.begin()
    const { status, text } = await send(body)
    t.equal(status, 200)
    t.match(text, stream ? /\[DONE\]\n\n$/ : /"chat\.completion"/)
    const received = target.seen(path)[0]
    t.ok(received?.body === body, 'exactly the same text')
    t.equal(received?.headers['content-length'], String(Buffer.byteLength(body)))
  })
}

t.test('if one field must change, the rest of the body stays as it is', async t => {
  target.begin()
  await send('{"model":"github_copilot/gpt-4o","seed":7,"messages":[{"role":"user","content":"hi"}],"x":{"b":1,"a":2}}')
  t.same(target.seen(path)[0]?.json, { model: 'gpt-4o', seed: 7, messages: [{ role: 'user', content: 'hi' }],
    x: { b: 1, a: 2 } })
})

const head = '"created":1774700000,"id":"chatcmpl-1","model":"gpt-4o-2024-11-20"'
const good = (content: string) =>
  `data: {"choices":[{"index":0,  "delta":{"content":${
    JSON.stringify(content)
  }},"x" : 1.0}],"object":"chat.completion.chunk",${head},"later":"ü\\u00fc"}\n\n`
const lacking = (content: string) => good(content).replace('"object":"chat.completion.chunk",', '')
const first = good('a').replace('"delta":{', '"delta":{"role":"assistant",')
const stop =
  `data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"object":"chat.completion.chunk",${head}}\n\n`
const done = 'data: [DONE]\n\n'
const relay = async (chunks: readonly string[]) => {
  emulator.answers.push({ chunks })
  return (await send('{"model":"gpt-4o","stream":true,"messages":[{"role":"user","content":"hi"}]}')).text
}

t.test('a stream that needs no repair arrives byte for byte, however it is cut', async t => {
  const chunks = [first, good('b'), ': a comment\n\n', good('ü漢🙂'), good('say "object": and \\ and \n'), stop, done]
  for (const slice of ['whole', 'byte', 'utf8', 1_000] as const) {
    emulator.wire.slice = slice
    t.equal(await relay(chunks), chunks.join(''), String(slice))
  }
  emulator.wire.slice = 'whole'
  emulator.wire.bom = true
  t.equal(await relay(chunks), chunks.join(''), 'the byte order mark is not passed on')
  emulator.wire.bom = false
})

t.test('if a few lines of a stream need repair, only these are rewritten', async t => {
  const empty = 'data: {"choices":[],"created":0,"id":"","prompt_filter_results":[]}\n\n'
  const out = await relay([empty, first, lacking('b'), good('c'), lacking('d'), good('e'), stop, done])
  const lines = out.split('\n\n')
  t.equal(lines.length, 8, 'the empty chunk is gone')
  t.same([0, 2, 4, 5, 6].map(at => `${lines[at] ?? ''}\n\n`), [first, good('c'), good('e'), stop, done],
    'these lines came through unchanged')
  for (const [at, was] of [[1, lacking('b')], [3, lacking('d')]] as const) {
    const line = `${lines[at] ?? ''}\n\n`
    t.not(line, was)
    t.equal(line.replace('"object":"chat.completion.chunk",', ''), was,
      'the missing field was added, and nothing else changed')
  }
})

t.test('a whole answer that only lacks a field is not serialised again', async t => {
  const text = '{ "choices":[{"message":{"role":"assistant","content":"caf\\u00e9 ü漢🙂 '
    + '{"},"index":0,"finish_reason":"stop","x":1.0}],"created":1774700000,\n"id":"chatcmpl-1",'
    + '"model":"gpt-4o-2024-11-20","seed":12345678901234567890}'
  emulator.fault({ path }, { kind: 'status', status: 200, body: text })
  t.equal((await send('{"model":"gpt-4o","messages":[{"role":"user","content":"hi"}]}')).text,
    text.replace('{', '{"object":"chat.completion",'))
})

t.test('the logs contain no secret', async t => {
  t.same(emulator.problems, [])
  t.same(await target.close(), [])
})
