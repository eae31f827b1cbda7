// Contents become turns: roles, ids of calls, states of reasoning, media.
import t from 'tap'
import { packSignature } from '../../../../src/dialects/gemini/wire-signature.ts'
import type { Carrier } from '../../../../src/dialects/contract/prompt.ts'
import { GatewayError } from '../../../../src/errors.ts'
import { decode, newLedger, turnsOf } from '../kit.ts'

const call = (name: string, more = {}) => ({ functionCall: { name, args: {}, ...more } })
const response = (name: string, more = {}) => ({
  functionResponse: { name, response: { output: `of ${name}` }, ...more },
})
const model = (...parts: object[]) => ({ role: 'model', parts })
const user = (...parts: object[]) => ({ role: 'user', parts })
const ids = (turns: ReturnType<typeof turnsOf>) =>
  turns.flatMap(({ blocks }) => blocks.flatMap(block => 'id' in block ? [block.id] : []))

t.test("contents of the model that follow one another are one turn, as the vendor's chats store them", async t => {
  t.strictSame(turnsOf(user({ text: 'a' }), model({ text: 'b' }), model({ text: 'c' }), { parts: [{ text: 'd' }] }), [{
    role: 'user',
    blocks: [{ type: 'text', text: 'a' }],
  }, { role: 'assistant', blocks: [{ type: 'text', text: 'bc' }] }, { role: 'user',
    blocks: [{ type: 'text', text: 'd' }] }])
})

t.test('calls without ids get ids that the same history always gives', async t => {
  const first = [user({ text: 'a' }), model(call('f'), call('f')), user(response('f'), response('f'))]
  t.strictSame(ids(turnsOf(...first)), ['call_1_0', 'call_1_1', 'call_1_0', 'call_1_1'])
  t.strictSame(ids(turnsOf(...first, model(call('g')), user(response('g')))).slice(4), ['call_2_0', 'call_2_0'])
})

t.test('a response belongs to the call with its id, else to the first open one of its name, else to the only one',
  async t => {
    t.strictSame(
      ids(
        turnsOf(model(call('f', { id: 'x' }), call('f', { id: 'y' })),
          user(response('f', { id: 'y' }), response('f', { id: 'x' }))),
      ),
      ['x', 'y', 'y', 'x'],
    )
    t.strictSame(ids(turnsOf(model(call('f'), call('g')), user(response('g'), response('f')))), ['call_1_0', 'call_1_1',
      'call_1_1', 'call_1_0'])
    t.strictSame(ids(turnsOf(model(call('f')), user(response('another', { id: 'made-up' })))), ['call_1_0', 'call_1_0'])
    t.throws(() => turnsOf(model(call('f'), call('g')), user(response('h'))), GatewayError)
    t.throws(() => turnsOf(user(response('f'))), { param: 'contents[0].parts[0].functionResponse' } as never)
    t.equal(
      turnsOf(model(call('f', { id: 'x' })),
        user(response('f', { id: 'x' }), response('f', { id: 'x', response: { output: 'last' } })))[1]?.blocks.length,
      1,
      'of two responses the last counts',
    )
  })

t.test('an id that no upstream accepts is replaced on both sides', async t => {
  const [called, answered] = ids(turnsOf(model(call('f', { id: 'a b/ü' })), user(response('f', { id: 'a b/ü' }))))
  t.match(called, /^call_[0-9a-f]{16}$/)
  t.equal(answered, called)
})

t.test('the form of a response', async t => {
  const blocksOf = (response: object, more = {}) =>
    turnsOf(model(call('f')), user({ functionResponse: { name: 'f', response, ...more } }))[1]?.blocks[0]
  t.match(blocksOf({ output: 'ok' }), { isError: false, blocks: [{ text: 'ok' }] })
  t.match(blocksOf({ result: { n: 1 } }), { isError: false, blocks: [{ text: '{"n":1}' }] })
  t.match(blocksOf({ error: 'no' }), { isError: true, blocks: [{ text: 'no' }] })
  t.match(blocksOf({ a: 1, error: 'no' }), { isError: false, blocks: [{ text: '{"a":1,"error":"no"}' }] })
  t.match(blocksOf({}, { parts: [{ inline_data: { mime_type: 'image/png', data: 'iVBORw0KGgo_-' } }] }), {
    blocks: [{ type: 'image', source: { mime: 'image/png', data: 'iVBORw0KGgo/+' } }],
  })
})

t.test('a signature restores the reasoning before its part, also from a part without data', async t => {
  const carrier: Carrier = { kind: 'm', item: { type: 'thinking', thinking: 'hm', signature: 's' }, model: 'x' }
  const signature = packSignature([carrier])
  const reasoning = { type: 'reasoning', text: 'hm', carrier }
  t.strictSame(turnsOf(model({ text: 'hm', thought: true }, { text: 'a', thoughtSignature: signature }))[0]?.blocks, [
    reasoning,
    { type: 'text', text: 'a' },
  ])
  t.strictSame(
    turnsOf(model({ text: 'hm', thought: true }), model({ text: 'a', thought_signature: signature }))[0]?.blocks,
    [reasoning, { type: 'text', text: 'a' }],
    'across contents, in either spelling',
  )
  t.match(turnsOf(model(call('f'), { thoughtSignature: signature }))[0]?.blocks, [{ type: 'tool-call' }, { carrier }])
  const urlSafe = signature.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')
  t.match(turnsOf(model({ text: 'a', thoughtSignature: urlSafe }))[0]?.blocks[0], { carrier },
    "as Python's SDK writes it")
  for (const foreign of ['skip_thought_signature_validator', 'AAEC', '%%%', '']) {
    t.strictSame(turnsOf(model({ text: 'a', thoughtSignature: foreign }))[0]?.blocks, [{ type: 'text', text: 'a' }])
  }
})

t.test('media that no upstream takes are refused, and parts without a use are named', async t => {
  for (const part of [{ inlineData: { mimeType: 'audio/wav', data: 'AAAA' } }, { fileData: { fileUri: 'gs://b/x' } }, {
    fileData: { fileUri: 'https://www.youtube.com/watch?v=1', mimeType: 'video/mp4' },
  }, { fileData: { fileUri: 'https://generativelanguage.googleapis.com/v1beta/files/x' } }]) {
    t.throws(() => turnsOf(user(part)), { code: 'unsupported_parameter' })
  }
  const ledger = newLedger()
  const { turns } = decode({
    contents: [
      user({ executableCode: { language: 'PYTHON', code: 'print(1)' } }, { toolCall: {} }, { text: 'a',
        partMetadata: {} }, { inlineData: { mimeType: 'text/plain', data: 'aGk=', displayName: 'n' } }, {
        fileData: { fileUri: 'https://a.example/b.pdf', mimeType: 'application/pdf' },
      }),
    ],
  }, ledger)
  t.match(turns[0]?.blocks, [{ text: '```python\nprint(1)\n```' }, { text: 'a' }, { type: 'file',
    source: { text: 'hi' }, name: 'n' }, { type: 'file', source: { url: 'https://a.example/b.pdf' } }])
  t.strictSame(ledger.lost(), ['contents.parts.executableCode', 'contents.parts.toolCall',
    'contents.parts.partMetadata'])
})
