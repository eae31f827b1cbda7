// However the bytes of a stream are cut and decorated, a client reads the same answer from it.
import type { Wire } from '../../src/emulator/emulator.ts'
import type { Frame } from '../fixtures/cases.ts'
import { call } from '../fixtures/http.ts'
import { callsOf, models, openAi, says, tools, twoCalls } from './openai.ts'

const words = ['Grüße, ', '漢字 und ', '🙂👍🏽', '\r\nnew line\n\n', 'e\u0301', '<|end|>']
const wires: Readonly<Record<string, Partial<Wire>>> = {
  'a byte at a time': { slice: 'byte' },
  'cut inside every character': { slice: 'utf8' },
  '7 bytes at a time': { slice: 7 },
  '61 bytes at a time': { slice: 61 },
  'lines that end in CRLF': { lineEnd: '\r\n' },
  'CRLF, cut between the two': { lineEnd: '\r\n', slice: 'crlf-split' },
  'CRLF, a byte at a time': { lineEnd: '\r\n', slice: 'byte' },
  'comments between events': { comments: true },
  'a byte order mark': { bom: true },
  'a byte order mark, a byte at a time': { bom: true, slice: 'byte' },
  'many events a write': { manyPerWrite: true },
  'everything at once': { bom: true, comments: true, lineEnd: '\r\n', slice: 3 },
}

export function wireSuite ({ target, test }: Frame): void {
  const { emulator } = target

  for (const [name, wire] of Object.entries(wires)) {
    test(`${name}: the same text and the same calls`, async t => {
      Object.assign(emulator.wire, wire)
      const user = await target.addUser()
      const client = openAi(user)
      for (const model of models) {
        emulator.answers.push({ text: words, usage: { inputTokens: 3, outputTokens: 4 } })
        const { choices, usage } = await client.chat.completions.stream({ model, messages: says('hi'),
          stream_options: { include_usage: true } }).finalChatCompletion()
        t.match(choices, [{ finish_reason: 'stop', message: { content: words.join('') } }], model)
        t.match(usage, { prompt_tokens: 3, completion_tokens: 4 })
        const called = await client.chat.completions.stream({ model, messages: says(twoCalls), tools })
          .finalChatCompletion()
        t.same(callsOf(called), [['get_weather', { location: 'Rome' }], ['read_file', { path: 'a/b.txt' }]], model)
      }
      emulator.answers.push({ text: words })
      const { text } = await call(`${user.base}/chat/completions`, {
        json: { model: 'gpt-4o', messages: says('hi'), stream: true },
        headers: { authorization: `Bearer ${user.password}` },
      })
      t.notOk(text.startsWith('\uFEFF'))
      t.ok(text.endsWith('data: [DONE]\n\n'))
      t.notOk(text.includes('\r'), 'one kind of line end')
      t.ok(text.split('\n').every(line => line === '' || line.startsWith('data: ') || line.startsWith(':')),
        'nothing but data and comments')
    })
  }

  test('an event of more than 1 MiB ends the stream with an error', async t => {
    const { base, password } = await target.addUser()
    emulator.answers.push({ text: ['a', 'x'.repeat(2_097_152), 'b'] })
    const { text } = await call(`${base}/chat/completions`, {
      json: { model: 'gpt-4o', messages: says('hi'), stream: true },
      headers: { authorization: `Bearer ${password}` },
    })
    t.match(text, /\n\ndata: \{"error":\{[^\n]*"code":"upstream_error"\}\}\n\n$/)
    t.notMatch(text, /\[DONE\]/)
    t.ok(text.length < 10_000)
  })

  test('8 MiB of small events arrive whole', async t => {
    const { base, password } = await target.addUser()
    emulator.answers.push({ bytes: 8_388_608 })
    const { text } = await call(`${base}/chat/completions`, {
      json: { model: 'gpt-4o', messages: says('hi'), stream: true },
      headers: { authorization: `Bearer ${password}` },
    })
    t.equal(text.split('x'.repeat(1_024)).length - 1, 8_192)
    t.ok(text.endsWith('data: [DONE]\n\n'))
  })
}
