// The steps between decoder and encoder: stop sequences, free-text tools, pairing, and the memories.
import fc from 'fast-check'
import t from 'tap'
import { createUnwrapper, wrapInput } from '../../../src/dialects/shared/custom-tool.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import type { Block, Turn } from '../../../src/dialects/contract/prompt.ts'
import { createLedger } from '../../../src/dialects/contract/ledger.ts'
import { openAiResponses } from '../../../src/dialects/responses/index.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { packCarrier, unpackCarrier } from '../../../src/dialects/shared/carrier.ts'
import { normaliseTurns } from '../../../src/relay/normalise.ts'
import { createReasoningOrigin } from '../../../src/relay/reasoning-origin.ts'
import { createResponseStore } from '../../../src/relay/response-store.ts'
import { createStopCutter } from '../../../src/relay/stop-cutter.ts'
import type { JsonObject } from '../../../src/json.ts'
import { atOnce, isSteps } from '../../../src/steps.ts'

const pieces = (text: string, cuts: readonly number[]): string[] => {
  const at = [...new Set(cuts.map(cut => cut % (text.length + 1)))].sort((a, b) => a - b)
  return [0, ...at].map((from, index) => text.slice(from, at[index] ?? text.length)).filter(piece => piece !== '')
}

t.test('createUnwrapper() gives the same free text however its JSON is cut', async () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), fc.array(fc.nat(400), { maxLength: 12 }),
      (input, cuts) => {
        const unwrapper = createUnwrapper()
        const out = pieces(wrapInput(input), cuts).map(piece => unwrapper.push(piece)).join('') + unwrapper.end()
        return out === input
      }),
  )
})

t.test('createUnwrapper() returns arguments of another shape unchanged', async t => {
  const unwrapper = createUnwrapper()
  t.equal(unwrapper.push('{"other":') + unwrapper.push('1}') + unwrapper.end(), '{"other":1}')
})

t.test('createStopCutter() cuts at the first stop sequence however the text is cut', async () => {
  const stops = ['STOP', 'END.', '\n\n']
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('S', 'T', 'O', 'P', 'E', 'N', 'D', '.', '\n', 'x'), maxLength: 40 }),
      fc.array(fc.nat(60), { maxLength: 10 }), (text, cuts) => {
      const cutter = createStopCutter(stops)
      const parts: Part[] = [{ type: 'text-start', block: 0, apart: false },
        ...pieces(text, cuts).map((piece): Part => ({ type: 'text-delta', block: 0, text: piece })), {
        type: 'block-end',
        block: 0,
      }, { type: 'message-end', reason: 'stop', stopSequence: null, explanation: null }]
      const out = parts.flatMap(part => cutter.push(part))
      const joined = out.map(part => part.type === 'text-delta' ? part.text : '').join('')
      const first = Math.min(...stops.map(stop => text.indexOf(stop)).filter(at => at !== -1), Infinity)
      const end = out.at(-1)
      return joined === text.slice(0, first) && cutter.isCut() === (first !== Infinity) && end?.type === 'message-end'
        && end.reason === (first === Infinity ? 'stop' : 'stop_sequence')
    }),
  )
})

t.test('a carrier comes back unchanged, and no other text counts as one', async t => {
  fc.assert(
    fc.property(fc.constantFrom('m', 'd', 'r', 'c'), fc.dictionary(fc.string().filter(key =>
      key !== '__proto__' && key !== '~model'
    ), fc.jsonValue()), fc.option(fc.string(), { nil: null }), (kind, item, model) => {
      const back = unpackCarrier(
        packCarrier({ kind: kind, item: JSON.parse(JSON.stringify(item)) as Record<string, unknown>, model }),
      )
      return back !== null && back.kind === kind && back.model === model
        && JSON.stringify(back.item) === JSON.stringify(item)
    }),
  )
  for (const text of ['', 'cpt1.', 'cpt1.x.e30', 'cpt1.m.!!', 'cpt1.m.WzFd', 'EqQBCkYIAhgC', null, 7]) {
    t.equal(unpackCarrier(text), null, String(text))
  }
})

t.test('normaliseTurns() puts exactly one result directly after every call, whatever the history', async () => {
  const id = fc.constantFrom('a', 'b', 'c')
  const block: fc.Arbitrary<Block> = fc.oneof(
    fc.record({ type: fc.constant('text' as const), text: fc.constantFrom('hi', ' ', 'there') }),
    id.map((each): Block => ({ type: 'tool-call', id: each, name: 'f', namespace: null, kind: 'function', builtin: null,
      input: '{}' })
    ),
    id.map((each): Block => ({ type: 'tool-result', id: each, blocks: [{ type: 'text', text: 'r' }], isError: null })),
  )
  const isFor = (role: Turn['role']) => (each: Block) =>
    each.type === 'text' || (role === 'assistant') === (each.type === 'tool-call')
  const turn = fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const),
    blocks: fc.array(block, { maxLength: 4 }) }).map(({ role, blocks }): Turn => ({ role,
      blocks: blocks.filter(isFor(role)) })
    )
  fc.assert(fc.property(fc.array(turn, { maxLength: 6 }), turns => {
    const out = normaliseTurns(turns)
    const calls = out.flatMap(each => each.blocks).filter(each => each.type === 'tool-call')
    return new Set(calls.map(call => call.id)).size === calls.length && out.every(({ role, blocks }, at) => {
      const wanted = blocks.filter(each => each.type === 'tool-call').map(call => call.id).sort()
      const given = (out[at + 1]?.blocks ?? []).filter(each => each.type === 'tool-result').map(result => result.id)
        .sort()
      const isPaired = wanted.length === 0 || JSON.stringify(wanted) === JSON.stringify(given)
      return isPaired && blocks.length > 0 && role !== out[at + 1]?.role
    })
  }))
})

t.test('createToolNames() gives upstream short flat names, all different, and finds each tool again', async () => {
  const tool = fc.record({ name: fc.string({ minLength: 1, maxLength: 100 }),
    namespace: fc.option(fc.string({ minLength: 1, maxLength: 30 }), { nil: null }) })
  fc.assert(
    fc.property(fc.uniqueArray(tool, { selector: each => JSON.stringify([each.namespace, each.name]), maxLength: 8 }),
      ids => {
        const tools = ids.map(each => ({ ...each, kind: 'function' as const, builtin: null, description: null,
          schema: null, strict: null, grammar: null, cache: false })
        )
        const names = createToolNames({ tools, turns: [] }, 64)
        const flat = tools.map(each => names.toUpstream(each))
        return flat.every(name => /^[A-Za-z0-9_-]{1,64}$/.test(name)) && new Set(flat).size === flat.length
          && flat.every((name, at) => names.fromUpstream(name)?.name === tools[at]?.name)
      }),
  )
})

t.test('only its own user finds a response again, unless the request had store: false', async t => {
  const store = createResponseStore()
  const keep = (username: string, body: JsonObject, response: JsonObject) =>
    openAiResponses.rememberResponse?.(body, JSON.stringify(body).length, store(username))?.(response)
  const resolve = (username: string, body: JsonObject) =>
    openAiResponses.resolveReferences?.(body, store(username), 1_000)
  const answer = { id: 'resp_1', output: [{ type: 'message', id: 'msg_1', role: 'assistant', content: [] }] }
  keep('alice', { input: 'hi' }, answer)
  keep('alice', { input: 'hi', store: false }, { ...answer, id: 'resp_2' })
  t.strictSame(resolve('alice', { previous_response_id: 'resp_1', input: 'and?' })?.body['input'], [{
    type: 'message',
    role: 'user',
    content: 'hi',
  }, ...answer.output, { type: 'message', role: 'user', content: 'and?' }])
  t.strictSame(resolve('alice', { input: [{ type: 'item_reference', id: 'msg_1' }] })?.body['input'], answer.output)
  const refusal = (username: string, body: JsonObject) => {
    try {
      return resolve(username, body)
    } catch (thrown) {
      return thrown
    }
  }
  t.match(refusal('bob', { previous_response_id: 'resp_1', input: '' }), { code: 'previous_response_not_found',
    status: 400 })
  t.match(refusal('alice', { previous_response_id: 'resp_2', input: '' }), { param: 'previous_response_id',
    status: 400 })
  t.match(refusal('bob', { input: [{ id: 'msg_1' }] }), { code: 'item_not_found', status: 400 })
  t.match(refusal('alice', { input: Array.from({ length: 20 }, () => ({ id: 'msg_1' })) }), {
    code: 'request_too_large',
    status: 413,
  }, 'one item that is referred to many times')
  const plain = { input: 'hi' }
  t.equal(resolve('alice', plain)?.body, plain, 'a body without references stays the same object')
})

t.test('only the reasoning of another model is left out', async t => {
  const origins = createReasoningOrigin()
  const made = { type: 'reasoning', id: 'rs_1', encrypted_content: 'x'.repeat(200) }
  const other = { type: 'reasoning', id: 'rs_2', encrypted_content: 'y'.repeat(200) }
  origins.note('alice', made.encrypted_content, 'gpt-5.1')
  const body = { input: [made, other, { type: 'message', role: 'user', content: 'hi' }] }
  const recall = (username: string, model: string) => {
    const ledger = createLedger({ strict: false, model, upstream: 'openai-responses' })
    const remembered = { carriers: () => [], makerOf: (state: string) => origins.makerOf(username, state) }
    const recalled = openAiResponses.recallReasoning?.(body, model, remembered, ledger)
    return { body: recalled !== undefined && isSteps(recalled) ? atOnce(recalled) : recalled, lost: ledger.lost() }
  }
  t.equal(recall('alice', 'gpt-5.1').body, body, 'its own model gets it back')
  t.strictSame(recall('alice', 'gpt-5.3-codex'), { body: { input: body.input.slice(1) }, lost: ['reasoning'] })
  t.strictSame(recall('bob', 'gpt-5.3-codex'), { body, lost: [] })
})
