// Properties of any answer: Anthropic's own accumulator accepts the written stream and reads the same content, this
// dialect can read it back, and no input at all causes anything but a GatewayError.
import { isDeepStrictEqual } from 'node:util'
import fc from 'fast-check'
import t from 'tap'
import { prepareFitted } from '../../fixtures/fitted.ts'
import { breaksOff, createJsonGuard, repairObject } from '../../../src/dialects/shared/json-guard.ts'
import type { Answer, FinishReason, Part } from '../../../src/dialects/contract/part.ts'
import { GatewayError } from '../../../src/errors.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'
import { accumulate, decode, decodeStream, dialect, encode, events, head, newLedger, options, prepare,
  type Json } from './fixtures.ts'

interface Sketch {
  kind: 'text' | 'reasoning' | 'refusal' | 'tool-call'
  pieces: string[]
  carrier: boolean
}

const json = fc.dictionary(fc.string({ unit: 'binary' }), fc.jsonValue()).map(value => JSON.stringify(value))
const cut = (whole: string, at: number[]): string[] => {
  const points = [0, ...at.map(point => point % (whole.length + 1)).toSorted((a, b) => a - b), whole.length]
  return points.slice(1).map((point, index) => whole.slice(points[index], point)).filter(piece => piece !== '')
}
const sketch: fc.Arbitrary<Sketch> = fc.record({
  kind: fc.constantFrom('text', 'reasoning', 'refusal', 'tool-call'),
  words: fc.string({ unit: 'grapheme', maxLength: 30 }),
  json,
  at: fc.array(fc.nat(), { maxLength: 4 }),
  carrier: fc.boolean(),
}).map(({ kind, words, json, at, carrier }) => ({ kind, carrier,
  pieces: cut(kind === 'tool-call' ? json : words, at) })
)

function start ({ kind }: Sketch, block: number): Part {
  switch (kind) {
    case 'text':
      return { type: 'text-start', block, apart: block % 2 === 0 }
    case 'reasoning':
      return { type: 'reasoning-start', block }
    case 'refusal':
      return { type: 'refusal-start', block }
    case 'tool-call':
      return { type: 'tool-call-start', block, callId: `call_${block}`, name: 'f', namespace: null, kind: 'function',
        builtin: null }
  }
}

/** Starts blocks in order; random numbers decide which block continues or ends next. */
function lay (sketches: readonly Sketch[], deal: readonly number[], reason: FinishReason): Part[] {
  const parts: Part[] = [head]
  const open: Array<{ block: number, left: Part[] }> = []
  let next = 0
  let turn = 0
  while (next < sketches.length || open.length > 0) {
    const choice = (deal[turn++ % deal.length] ?? 0) % (open.length + (next < sketches.length ? 1 : 0))
    const chosen = open[choice]
    if (chosen === undefined) {
      const given = sketches[next] as Sketch
      const block = next++
      parts.push(start(given, block))
      const deltas = given.pieces.map((text): Part => ({ type: `${given.kind}-delta`, block, text }))
      const carrier = given.kind === 'reasoning' && given.carrier
        ? { carrier: { kind: 'r', item: { n: block }, model: null } } as const
        : {}
      open.push({ block, left: [...deltas, { type: 'block-end', block, ...carrier }] })
    } else {
      parts.push(chosen.left.shift() as Part)
      if (chosen.left.length === 0) open.splice(choice, 1)
    }
  }
  return [...parts, { type: 'usage',
    usage: { input: 9, cacheRead: 3, cacheWrite: 1, output: 2, reasoning: 1, nanoCredits: 0 } }, { type: 'message-end',
    reason, stopSequence: null, explanation: null }]
}

const answers = fc.tuple(fc.array(sketch, { maxLength: 6 }), fc.array(fc.nat(), { minLength: 1, maxLength: 20 }),
  fc.constantFrom<FinishReason>('stop', 'length', 'filter', 'pause')).map(all => lay(...all))

t.test('the SDK accepts any encoded parts, and reads their content', async t => {
  await fc.assert(fc.asyncProperty(answers, async parts => {
    const whole = collectAnswer(parts)
    const message: Json = await accumulate(encode(parts))
    const given = (type: string): string =>
      shown(whole.blocks).filter(block => type.includes(block.type)).map(block =>
        block.type === 'tool-call' ? JSON.stringify(JSON.parse(block.input)) : block.type === 'search' ? '' : block.text
      ).join('')
    const read = (type: string): string =>
      message.content.filter((block: Json) => block.type === type).map((block: Json) =>
        block.text ?? block.thinking ?? JSON.stringify(block.input)
      ).join('')
    return given('text refusal') === read('text') && given('reasoning') === read('thinking')
      && given('tool-call') === read('tool_use')
  }), { numRuns: 100 })
  t.pass()
})

t.test('indices have no gaps or repetitions, and every block is started, filled and stopped', t => {
  fc.assert(fc.property(answers, parts => {
    let open = -1
    let last = -1
    for (const { type, index } of events(encode(parts))) {
      if (type === 'content_block_start') {
        if (open !== -1 || index !== last + 1) return false
        last = open = index
      } else if (type === 'content_block_delta' && index !== open) return false
      else if (type === 'content_block_stop') {
        if (index !== open) return false
        open = -1
      }
    }
    return open === -1
  }))
  t.end()
})

t.test('a whole answer equals the sum of its stream', async t => {
  await fc.assert(fc.asyncProperty(answers, async parts => {
    const message = await accumulate(encode(parts))
    const whole: Json = dialect.encodeAnswer(collectAnswer(parts), options())
    const plain = (content: Json[]): unknown => content.map(({ citations: _none, ...block }) => block)
    t.same(plain(whole.content), plain(message.content))
    t.match(message, { id: whole.id, stop_reason: whole.stop_reason, usage: whole.usage })
  }), { numRuns: 40 })
})

t.test('this dialect decodes its own encoding to the same answer', t => {
  const shape = ({ blocks, finish, usage }: Answer): unknown => ({
    finish,
    usage,
    blocks: shown(blocks).flatMap((block): object[] => {
      if (block.type === 'tool-call') {
        return [{ callId: block.callId, name: block.name, input: JSON.parse(block.input) as unknown }]
      }
      if (block.type === 'search') return []
      return block.text === '' && !(block.type === 'reasoning' && block.carrier !== null)
        ? []
        : [{ type: block.type === 'refusal' ? 'text' : block.type, text: block.text }]
    }),
  })
  fc.assert(fc.property(answers, parts => {
    const whole = collectAnswer(parts)
    const streamed = collectAnswer(decodeStream(events(encode(parts))))
    const calls = whole.blocks.some(block => block.type === 'tool-call')
    const expected = shape({ ...whole, finish: whole.finish === 'stop' && calls ? 'tool' : whole.finish })
    t.same(shape(streamed), expected)
    t.same(shape(collectAnswer(dialect.decodeAnswer(dialect.encodeAnswer(whole, options())))), expected)
  }), { numRuns: 100 })
  t.end()
})

t.test('the guard passes JSON unchanged however it is cut, and recognises the beginning of an object', t => {
  const run = (pieces: readonly string[]): [text: string, state: string] => {
    const guard = createJsonGuard()
    return [pieces.map(piece => guard.push(piece)).join(''), guard.state()]
  }
  fc.assert(
    fc.property(json, fc.array(fc.nat(), { maxLength: 8 }), (whole, at) =>
      isDeepStrictEqual(run(cut(whole, at)), [whole, 'whole'])),
  )
  fc.assert(fc.property(json, fc.nat(), (whole, at) => {
    const half = whole.slice(0, 1 + at % (whole.length - 1))
    return isDeepStrictEqual(run([half])[1], 'open') && breaksOff(half) && repairObject(half) === null
  }))
  const soup = fc.string({
    unit: fc.constantFrom('{', '}', '[', ']', '"', ':', ',', '\\', 'u', '1', '-', '.', 'e', 't', 'r', 'n', 'a', ' ',
      '\n', '0'),
  })
  fc.assert(fc.property(soup, fc.constantFrom('', '{', '{"a":'), (rest, start) => {
    const [text, state] = run([start, rest])
    if (state !== 'whole') return repairObject(start + rest) === null
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && !Array.isArray(value)
  }), { numRuns: 1_000 })
  const time = (size: number): number => {
    const pieces = ['{"a":', '1'.repeat(5 * size), `,"b":"${'\\u00e9'.repeat(size)}"`]
    const started = performance.now()
    run(pieces)
    return performance.now() - started
  }
  time(10_000)
  const [small, large] = [time(20_000), time(200_000)]
  t.ok(large < 40 * small + 50, `${small.toFixed()} ms, and ${large.toFixed()} ms for ten times as much`)
  t.end()
})

t.test('no input causes anything but a GatewayError', t => {
  const words = fc.constantFrom('type', 'index', 'message', 'content_block', 'delta', 'usage', 'content', 'error',
    'text', 'id', 'name', 'input', 'role', 'messages', 'tools', 'system', 'thinking', 'signature', 'source',
    'tool_choice', 'output_config', 'stop_reason', 'citations', 'data', 'cache_control', 'tool_use_id', 'metadata',
    'stream', 'model')
  const values = fc.constantFrom('message_start', 'content_block_start', 'content_block_delta', 'message_delta',
    'message_stop', 'content_block_stop', 'error', 'text', 'tool_use', 'tool_result', 'thinking', 'document', 'image',
    'base64', 'user', 'assistant', 'system', 'enabled', 'text_delta', 'input_json_delta', 'signature_delta',
    'server_tool_use', 'web_search_tool_result', 'redacted_thinking', 'auto', 'tool', null, 0, -1, true, 'cpt1.m.e30',
    'cpt1.m.eyJhIjoxfQ')
  const { tree } = fc.letrec(tie => ({
    tree: fc.oneof({ maxDepth: 5 }, values, fc.dictionary(words, tie('tree')), fc.array(tie('tree'), { maxLength: 4 })),
  }))
  const body = fc.dictionary(words, tree) as fc.Arbitrary<Record<string, unknown>>
  const safely = (run: () => unknown): boolean => {
    try {
      run()
    } catch (thrown) {
      if (!(thrown instanceof GatewayError)) throw thrown
    }
    return true
  }
  const whole = options()
  fc.assert(
    fc.property(body, given =>
      safely(() =>
        dialect.decodeAnswer(given)
      ) && safely(() => dialect.repairAnswer(given, whole)) && safely(() => dialect.inspect(given)) && safely(() =>
        dialect.decodeRequest(given, newLedger())
      ) && safely(() => decode(given)) && safely(() => {
        dialect.inspect(given)
        prepareFitted(dialect, given, { ...target, stream: true }, newLedger())
      }) && safely(() => prepare({ ...given, messages: [{ role: 'user', content: [given] }] }))),
    { numRuns: 1_500 },
  )
  fc.assert(
    fc.property(fc.array(body, { maxLength: 6 }), fc.string(), (stream, noise) =>
      safely(() =>
        decodeStream(stream)
      ) && safely(() => decodeStream([noise])) && safely(() => {
        const repair = dialect.createRepair(whole)
        for (const event of [...stream, noise]) {
          repair.event(typeof event === 'string' ? event : JSON.stringify(event), '')
        }
        repair.end()
      })),
    { numRuns: 1_000 },
  )
  t.end()
})

const target = {
  id: 'claude-sonnet-4.6',
  family: 'claude',
  isListed: true,
  streams: true,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: true },
  efforts: ['low'],
  thinkingBudget: { min: 1_024, max: 32_000 },
  maxOutputTokens: 32_000,
  maxNonStreamingOutputTokens: 16_000,
} as const

/** Reasoning after the last text or call is not shown. */
function shown (blocks: Answer['blocks']): Answer['blocks'] {
  const last = blocks.findLastIndex(block =>
    block.type === 'tool-call' || block.type === 'search' || (block.type !== 'reasoning' && block.text !== '')
  )
  return last < 0 ? blocks : blocks.slice(0, last + 1)
}
