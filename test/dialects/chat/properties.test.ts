import fc from 'fast-check'
import t from 'tap'
import { encodeFitted, prepareFitted } from '../../fixtures/fitted.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { FinishReason, Part } from '../../../src/dialects/contract/part.ts'
import type { Block, Prompt } from '../../../src/dialects/contract/prompt.ts'
import { GatewayError } from '../../../src/errors.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { normaliseTurns } from '../../../src/relay/normalise.ts'
import { chunksOf, facts, gpt, ledger, options, parts as decodeAll, prompt, stream, type Json } from './help.ts'
import { readWithOpenAi } from './sdk.ts'

const words = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '"', '\\', 'é', '😀', '{', ':'), minLength: 1,
  maxLength: 6 })
const sketch = fc.record({ kind: fc.constantFrom('text', 'text', 'reasoning', 'refusal', 'call'),
  pieces: fc.array(words, { maxLength: 3 }), apart: fc.boolean(), isOpen: fc.boolean(), hasCarrier: fc.boolean() })
const reasons = fc.constantFrom<FinishReason>('stop', 'length', 'filter', 'stop_sequence', 'pause', 'context')

/** Blocks begin in the order of their numbers; their pieces come in any order. */
const overlapping = fc.array(fc.nat(50), { maxLength: 60 })
const answers = (order: fc.Arbitrary<number[]>, maxOpen = 6) =>
  fc.tuple(fc.array(sketch, { maxLength: 6 }), order, reasons).map(([given, choices, reason]): Part[] => {
    const sketches = given.map(each => ({ ...each, isOpen: each.isOpen && maxOpen > 0 }))
    const queues = sketches.map((each, block) => toParts(each, block))
    const out: Part[] = [{ type: 'message-start', id: 'x', model: 'up', created: 3 }]
    let begun = 0
    let turn = 0
    while (queues.some(queue => queue.length > 0)) {
      const open = queues.filter((queue, block) => queue.length > 0 && block <= begun)
      const queue = open[(choices[turn++] ?? 0) % open.length] ?? []
      if (queue === queues[begun]) begun++
      const part = queue.shift()
      if (part !== undefined) out.push(part)
    }
    return [...out, { type: 'message-end', reason: sketches.some(each =>
        each.kind === 'call'
      ) && reason === 'stop'
      ? 'tool'
      : reason, stopSequence: null, explanation: null }]
  })

function toParts (
  { kind, pieces, apart, isOpen, hasCarrier }: { kind: string, pieces: string[], apart: boolean, isOpen: boolean,
    hasCarrier: boolean },
  block: number,
): Part[] {
  const end: Part[] = isOpen
    ? []
    : [{ type: 'block-end', block, ...(kind === 'reasoning'
      ? { carrier: hasCarrier ? { kind: 'r', item: { id: `rs_${block}` }, model: null } : null }
      : {}) }]
  switch (kind) {
    case 'text':
      return [{ type: 'text-start', block, apart },
        ...pieces.map(text => ({ type: 'text-delta', block, text }) as const), ...end]
    case 'reasoning':
      return [{ type: 'reasoning-start', block },
        ...pieces.map(text => ({ type: 'reasoning-delta', block, text }) as const), ...end]
    case 'refusal':
      return [{ type: 'refusal-start', block },
        ...pieces.map(text => ({ type: 'refusal-delta', block, text }) as const), ...end]
    default:
      return [{ type: 'tool-call-start', block, callId: `c${block}`, name: `f${block}`, namespace: null,
        kind: 'function', builtin: null },
        ...cut(JSON.stringify({ a: pieces })).map(text => ({ type: 'tool-call-delta', block, text }) as const), ...end]
  }
}

function cut (json: string): string[] {
  return json === '{"a":[]}' ? [] : [json.slice(0, 3), json.slice(3)]
}

t.test('createEncoder() gives the SDK the same answer as encodeAnswer(), in any order of parts', async () => {
  await fc.assert(fc.asyncProperty(answers(overlapping), async given => {
    const whole: Json = openAiChat.encodeAnswer(collectAnswer(given), options())
    const { message, finish_reason: finish } = whole.choices[0]
    const sse = stream(given, { facts: facts({ includeUsage: true }) })
    const { choices: [read] } = await readWithOpenAi(sse)
    const joined = (name: string): string | undefined =>
      chunksOf(sse).filter(each => each !== '[DONE]').map(each => each.choices[0].delta[name]).filter(each =>
        each !== undefined
      ).join('') || undefined
    const seen: Json = read?.message
    const calls = (list: Json[] | undefined) =>
      (list ?? []).map(call => [call.id, call.type, call.function.name, call.function.arguments])
    assertSame([read?.finish_reason, seen.content ?? '', seen.refusal ?? null, calls(seen.tool_calls),
      joined('reasoning_content'), joined('reasoning_opaque')], [finish, message.content ?? '', message.refusal,
      calls(message.tool_calls), message.reasoning_content, message.reasoning_opaque])
  }), { numRuns: 300 })
})

t.test("decodeAnswer() and createDecoder() read the encoders' output back to the same answer", async () => {
  // One block after another: if two overlap, Chat cannot assign a piece to its block.
  fc.assert(fc.property(answers(fc.constant([]), 0), given => {
    const written = openAiChat.encodeAnswer(collectAnswer(given), options())
    const again = openAiChat.encodeAnswer(
      collectAnswer(openAiChat.decodeAnswer(JSON.parse(JSON.stringify(written)) as never)),
      options(),
    )
    const streamed = openAiChat.encodeAnswer(collectAnswer(decodeAll(chunksOf(stream(given)))), options())
    for (const each of [again, streamed]) assertSame(core(each), core(written))
  }), { numRuns: 300 })
})

/** Leaves out reasoning state: state from upstream is wrapped once more. */
function core (answer: Json): unknown {
  const { choices: [{ message, finish_reason: finish }], id, created } = answer
  return [id, created, finish, message.content ?? '', message.refusal, message.reasoning_content, message.tool_calls]
}

const ids = fc.constantFrom('c1', 'c2', 'c3')
const block: fc.Arbitrary<Block> = fc.oneof(words.map(text => ({ type: 'text', text }) as const),
  words.map(text => ({ type: 'refusal', text }) as const),
  fc.tuple(ids, fc.boolean()).map(([id]): Block => ({ type: 'tool-call', id, name: 'f', namespace: null,
    kind: 'function', builtin: null, input: '{"a":1}' })
  ),
  fc.tuple(ids, words).map(([id, text]): Block => ({ type: 'tool-result', id, isError: null,
    blocks: [{ type: 'text', text }] })
  ), fc.constant<Block>({ type: 'image', source: { url: 'https://x.test/a.png' }, detail: null }))
const prompts = fc.array(
  fc.record({ role: fc.constantFrom('user' as const, 'assistant' as const),
    blocks: fc.array(block, { minLength: 1, maxLength: 4 }) }),
  { minLength: 1, maxLength: 5 },
).map((turns): Partial<Prompt> => ({
  turns: normaliseTurns(
    turns.map(turn => ({ ...turn, blocks: turn.blocks.filter(each =>
      turn.role === 'assistant'
        ? each.type !== 'tool-result' && each.type !== 'image'
        : each.type !== 'tool-call' && each.type !== 'refusal'
    ) })),
  ),
}))

t.test('decodeRequest() reads back the turns that encodeRequest() wrote', async () => {
  const send = (given: Partial<Prompt>): Json => {
    const whole = prompt(given)
    return encodeFitted(openAiChat, whole, gpt(), ledger(), createToolNames(whole, 64))
  }
  fc.assert(fc.property(prompts, given => {
    const once = send(given)
    assertSame(send({ turns: normaliseTurns(openAiChat.decodeRequest(once, ledger()).turns) }).messages, once.messages)
  }), { numRuns: 300 })
})

const named = fc.dictionary(
  fc.constantFrom('choices', 'error', 'id', 'usage', 'delta', 'message', 'content', 'tool_calls', 'index', 'function',
    'name', 'arguments', 'messages', 'role', 'tools', 'type', 'reasoning_opaque', 'finish_reason', 'logprobs',
    'annotations', 'tool_call_id', 'image_url', 'file', 'custom'),
  fc.letrec(tie => ({
    any: fc.oneof({ depthSize: 'small' },
      fc.constantFrom<unknown>(null, 0, 1, '', 'user', 'assistant', 'tool', 'text', 'function', 'stop', 'x', true, {
        toString: 1,
      }), fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom('index', 'delta', 'message', 'content', 'role', 'tool_calls', 'function', 'type', 'text',
          'name', 'id', 'arguments', 'custom', 'input', 'finish_reason', 'reasoning_text'),
        tie('any'),
        { maxKeys: 5 },
      )),
  })).any,
  { maxKeys: 6 },
)

t.test('no input makes this dialect throw anything but a GatewayError', async t => {
  const only = (run: () => unknown): void => {
    try {
      run()
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown
    }
  }
  const answerOptions = { facts: facts(), model: 'm', now: () => 0, newId: () => 'f' }
  fc.assert(fc.property(fc.array(named, { maxLength: 4 }), garbage => {
    only(() => decodeAll(garbage))
    const repair = openAiChat.createRepair(answerOptions)
    for (const each of garbage) only(() => repair.event(JSON.stringify(each), ''))
    only(() => repair.end())
    for (const each of garbage) {
      only(() => openAiChat.decodeAnswer(each))
      only(() => openAiChat.repairAnswer(structuredClone(each), answerOptions))
      only(() => openAiChat.decodeRequest(each, ledger()))
      only(() => openAiChat.inspect(each))
      only(() =>
        prepareFitted(openAiChat, { ...each, messages: Array.isArray(each['messages']) ? each['messages'] : [each] },
          gpt(), ledger())
      )
    }
  }), { numRuns: 1_000 })
  t.pass()
})

function assertSame (found: unknown, wanted: unknown): void {
  const [one, other] = [JSON.stringify(found), JSON.stringify(wanted)]
  if (one !== other) throw new Error(`\n${one}\nis not\n${other}`)
}
