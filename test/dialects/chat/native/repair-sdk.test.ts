// Whatever form Copilot's streams have, OpenAI's own SDK reads the intended answer from the repaired stream.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import OpenAI from 'openai'
import t from 'tap'
import { openAiChat } from '../../../../src/dialects/chat/index.ts'
import type { RequestFacts } from '../../../../src/dialects/contract/dialect.ts'
import { cut, cuts, scan, toBytes } from '../../../unit/helpers/events.ts'

interface Meant {
  readonly text: readonly string[]
  readonly calls: ReadonlyArray<{ readonly name: string, readonly pieces: readonly string[] }>
}
interface Style {
  readonly numbering: 'openai' | 'claude' | 'none'
  readonly interleaved: boolean
  readonly repeatsRole: boolean
  readonly lacks: ReadonlyArray<'id' | 'created' | 'model' | 'object' | 'index' | 'role'>
  readonly ends: 'finish' | 'done' | 'both'
  readonly noise: boolean
}

const facts: RequestFacts = { model: 'm', stream: true, includeUsage: true, n: 1, initiator: 'user', vision: false,
  hasTools: true }
const json = fc.dictionary(fc.string({ maxLength: 3 }),
  fc.oneof(fc.integer(), fc.string({ unit: 'grapheme', maxLength: 5 })), { maxKeys: 3 }).map(value =>
    JSON.stringify(value)
  )
const inPieces = (text: string, at: readonly number[]) =>
  [0, ...[...new Set(at.map(point => point % (text.length + 1)))].sort((a, b) => a - b), text.length].map((
    point,
    index,
    all,
  ) => text.slice(point, all[index + 1])).slice(0, -1).filter(piece => piece !== '')
const answers: fc.Arbitrary<Meant> = fc.record({
  text: fc.array(fc.string({
    unit: fc.oneof(fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1 }),
      fc.constantFrom('"tool_calls":', '\n\n', 'data: ', '\r')),
    maxLength: 5,
  }), { maxLength: 4 }),
  calls: fc.array(
    fc.record({ name: fc.constantFrom('read', 'write'),
      pieces: fc.oneof(fc.constant([]), fc.tuple(json, fc.array(fc.nat(99), { maxLength: 3 })).map(([text, at]) =>
        inPieces(text, at)
      )) }),
    { maxLength: 4 },
  ),
})
const styles: fc.Arbitrary<Style> = fc.record({
  numbering: fc.constantFrom('openai', 'claude', 'none'),
  interleaved: fc.boolean(),
  repeatsRole: fc.boolean(),
  noise: fc.boolean(),
  lacks: fc.subarray(['id', 'created', 'model', 'object', 'index', 'role'] as const),
  ends: fc.constantFrom('finish', 'both'),
})

/** Upstream's stream of an answer, in one of its styles. */
function write ({ text, calls }: Meant, style: Style): string {
  const lacks = (name: Style['lacks'][number]) => style.lacks.includes(name)
  const chunk = (delta: object, more: object = {}) => ({
    choices: [{ ...(lacks('index') ? {} : { index: 0 }),
      delta: { ...delta, ...(style.repeatsRole && !lacks('role') ? { role: 'assistant' } : {}) }, ...more }],
    ...(lacks('created') ? {} : { created: 7 }),
    ...(lacks('id') ? { id: '' } : { id: 'chatcmpl-1' }),
    ...(lacks('model') ? {} : { model: 'm-1' }),
    ...(lacks('object') ? {} : { object: 'chat.completion.chunk' }),
  })
  const number = (at: number) =>
    style.numbering === 'openai' ? { index: at } : style.numbering === 'claude' ? { index: 0 } : {}
  const first = (at: number) =>
    chunk({ content: null,
      tool_calls: [{ ...number(at), id: `call_${at}`, type: 'function',
        function: { name: calls[at]?.name, ...(style.numbering === 'claude' ? {} : { arguments: '' }) } }] })
  const rest = (at: number, piece: string) =>
    chunk({
      tool_calls: [{ ...number(at), ...(style.numbering === 'claude' ? { type: 'function' } : {}),
        function: { arguments: piece } }],
    })
  const tools = style.interleaved && style.numbering === 'openai'
    ? [...calls.map((_call, at) => first(at)), ...Array.from({ length: 5 }).flatMap((_none, turn) =>
      calls.flatMap(({ pieces }, at) =>
        pieces[turn] === undefined ? [] : [rest(at, pieces[turn])]
      )
    )]
    : calls.flatMap(({ pieces }, at) => [first(at), ...pieces.map(piece => rest(at, piece))])
  const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 }
  const chunks: object[] = [
    ...(style.noise
      ? [{ choices: [], created: 0, id: '', prompt_filter_results: [] }, { choices: null, copilot_references: [] }]
      : []),
    chunk({ content: '', ...(lacks('role') ? {} : { role: 'assistant' }) }),
    ...text.map(piece => chunk({ content: piece })),
    ...tools,
    ...(style.ends === 'done'
      ? []
      : [{ ...chunk({ content: null, role: null }, { finish_reason: calls.length > 0 ? 'tool_calls' : 'stop' }),
        usage }]),
    ...(style.noise ? [{ choices: [], usage, id: 'chatcmpl-1', created: 7, model: 'm-1' }] : []),
  ]
  return chunks.map(each => `data: ${JSON.stringify(each)}\n\n${style.noise ? ': on\n\n' : ''}`).join('')
    + (style.ends === 'finish' ? '' : 'data: [DONE]\n\n')
}

async function accumulate (sent: string): Promise<OpenAI.ChatCompletion> {
  const client = new OpenAI({ apiKey: 'none', baseURL: 'http://localhost/v1', maxRetries: 0,
    fetch: async () => new Response(sent, { headers: { 'content-type': 'text/event-stream' } }) })
  return client.chat.completions.stream({ model: 'm', messages: [], stream: true }).finalChatCompletion()
}

t.test("OpenAI's SDK reads the intended answer from every repaired stream, however it was cut", async () => {
  await fc.assert(fc.asyncProperty(answers, styles, cuts, async (meant, style, lengths) => {
    const repair = openAiChat.createRepair({ facts, model: 'asked', now: () => 9_000, newId: () => 'new' })
    const { text, failure } = scan(cut(toBytes(write(meant, style)), lengths), repair)
    deepEqual(failure, null)
    const { choices: [choice], id } = await accumulate(text)
    const calls = (choice?.message.tool_calls ?? []).map(call =>
      call.type === 'function' ? { id: call.id, name: call.function.name, arguments: call.function.arguments } : call
    )
    deepEqual({ content: choice?.message.content ?? '', reason: choice?.finish_reason, calls, hasId: id !== '' }, {
      content: meant.text.join(''),
      reason: meant.calls.length > 0 ? 'tool_calls' : 'stop',
      hasId: true,
      calls: meant.calls.map(({ name, pieces }, at) => ({ id: `call_${at}`, name,
        arguments: pieces.length === 0 ? '{}' : pieces.join('') })
      ),
    })
  }), { numRuns: 300 })
})

t.test("OpenAI's SDK rejects the repair of a stream that was cut off before its end", async t => {
  await fc.assert(fc.asyncProperty(answers, styles, fc.nat(), async (meant, style, at) => {
    const whole = toBytes(write(meant, { ...style, ends: 'done', noise: false }))
    const repair = openAiChat.createRepair({ facts, model: 'asked', now: () => 9_000, newId: () => 'new' })
    const { text, failure } = scan([whole.slice(0, at % (whole.length - 1))], repair)
    const error = failure as Parameters<typeof openAiChat.failStream>[0]
    deepEqual(error?.code, 'upstream_error')
    await t.rejects(accumulate(text + openAiChat.failStream(error)))
  }), { numRuns: 100 })
})
