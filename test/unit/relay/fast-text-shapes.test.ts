// The fast path gives what the slow path gives, for every form of stream, however the bytes are cut; and it is taken.
import { deepStrictEqual as deepEqual } from 'node:assert'
import fc from 'fast-check'
import t from 'tap'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { Dialect, StreamRepair } from '../../../src/dialects/contract/dialect.ts'
import { createLedger } from '../../../src/dialects/contract/ledger.ts'
import { anthropicMessages } from '../../../src/dialects/messages/index.ts'
import { openAiResponses } from '../../../src/dialects/responses/index.ts'
import { streamEvents } from '../../../src/meter.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { createNameRestorer } from '../../../src/relay/restore-names.ts'
import { createTranslator } from '../../../src/relay/translate.ts'
import { cut, scan, toBytes } from '../helpers/events.ts'
import { chatEvents, messagesEvents, responsesEvents, usualStyle, type Kind, type Segment,
  type Style } from '../helpers/stream-shapes.ts'

const dialects = [openAiChat, openAiResponses, anthropicMessages]
const eventsOf = new Map([[openAiChat, chatEvents], [openAiResponses, responsesEvents], [anthropicMessages,
  messagesEvents]])

/** What a stream leaves behind next to its bytes. */
type Notes = unknown[]

interface Client {
  readonly thinks: boolean
  readonly includeUsage: boolean
  readonly stops: readonly string[]
  readonly isCustom: boolean
  readonly isRenamed: boolean
}
const usualClient: Client = { thinks: true, includeUsage: false, stops: [], isCustom: false, isRenamed: false }

function bodyOf (client: Dialect, { thinks, isCustom }: Client): Record<string, unknown> {
  const common = { model: 'm', stream: true }
  if (client === openAiResponses) {
    return { ...common, input: 'hi', include: ['reasoning.encrypted_content'],
      ...thinks && { reasoning: { summary: 'auto' } }, tools: [{ type: isCustom ? 'custom' : 'function', name: 'f' }] }
  }
  const messages = [{ role: 'user', content: 'hi' }]
  return client === anthropicMessages
    ? { ...common, max_tokens: 5, messages, ...thinks && { thinking: { type: 'adaptive' } },
      tools: [{ name: 'f', input_schema: { type: 'object' } }] }
    : { ...common, messages,
      tools: [isCustom ? { type: 'custom', custom: { name: 'f' } } : { type: 'function', function: { name: 'f' } }] }
}

function createRelay (upstream: Dialect, client: Dialect, options: Client, notes: Notes): StreamRepair {
  let ids = 0
  const fixed = { now: () => 7_000, newId: () => String(ids++).padStart(32, '0') }
  const body = bodyOf(client, options)
  const facts = { ...client.inspect(body), includeUsage: options.includeUsage }
  const note = (...what: unknown[]): void => {
    notes.push(what)
  }
  const completed = (answer: unknown): void => note('completed', structuredClone(answer))
  if (upstream === client) {
    const maker = options.isRenamed ? createNameRestorer(new Map([['f', 'its own name']]), client) ?? client : client
    return maker.createRepair({ facts, model: 'm', ...fixed, completed, remember: note, rememberState: note })
  }
  const prompt = client.decodeRequest(body, createLedger({ strict: false, model: 'm', upstream: upstream.name }))
  return createTranslator({ upstream, client, names: createToolNames(prompt, 64), stops: options.stops,
    upstreamModel: 'm', watch (part) {
    if (!part.type.endsWith('-delta')) note(part)
  }, encode: { prompt, facts, model: 'm', inputEstimate: 1, ...fixed, completed } })
}

function run (pieces: readonly Uint8Array[], upstream: Dialect, client: Dialect, options: Client, isFast: boolean) {
  const notes: Notes = []
  const { plain, ...slow } = createRelay(upstream, client, options, notes)
  const repair = isFast && plain !== undefined ? { ...slow, plain } : slow
  const { text, failure } = scan(pieces, repair)
  return { text, failure: failure instanceof Error ? failure.message : failure, notes, usage: repair.usage() }
}

const words = fc.oneof(
  fc.constantFrom('a', ' word', 'a"b', '\\', 'é', '漢😀', '\n', '\t', '"}}', '<b>/</b>', '\u2028', '\u0001', '', 'null',
    '{"delta":"x"}', '\ud83d', '\ufeffx', '…§…'),
  fc.string({ maxLength: 6 }),
)
const segments: fc.Arbitrary<Segment[]> = fc.array(fc.record({
  kind: fc.constantFrom<Kind>('text', 'text', 'reasoning', 'refusal', 'arguments', 'arguments', 'input'),
  pieces: fc.array(words, { maxLength: 8 }),
}), { minLength: 1, maxLength: 4 })
const flag = fc.boolean()
const style: fc.Arbitrary<Style> = fc.record({ order: fc.constantFrom('vendor', 'alphabetical'), escapes: flag,
  newIds: flag, padding: flag, logprobs: flag, object: flag, offsets: flag, usage: flag, role: flag, name: flag,
  reasoningField: fc.constantFrom('reasoning_text', 'reasoning_content', 'reasoning') })
const client: fc.Arbitrary<Client> = fc.record({ thinks: flag, includeUsage: flag,
  stops: fc.constantFrom([], [], ['zz', '"b']), isCustom: flag, isRenamed: flag })

/** The network's part: where pieces end, which line ends there are, and which bytes broke. */
type Network = { cut: string | number[], isCrLf: boolean, isBroken: boolean, lost: number }
const lengths = fc.oneof(fc.constant<string | number[]>('events'), fc.constantFrom<string | number[]>([1], [1_000_000]),
  fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 6 }))
const network: fc.Arbitrary<Network> = fc.record({ cut: lengths, isCrLf: fc.constantFrom(false, false, true),
  isBroken: fc.constantFrom(false, false, true), lost: fc.constantFrom(0, 0, 0, 1, 2) })

function piecesOf (events: readonly string[], { cut: lengths, isCrLf, isBroken, lost }: Network): Uint8Array[] {
  const pieces = events.slice(0, events.length - lost).map(event =>
    toBytes(isCrLf ? event.replaceAll('\n', '\r\n') : event)
  )
  // The second byte of `§`: what follows `c2` is then no character.
  if (isBroken) { for (const piece of pieces) piece.forEach((byte, at) => piece[at] = byte === 0xa7 ? 0xff : byte) }
  return typeof lengths === 'string' ? pieces : cut(Uint8Array.from(pieces.flatMap(piece => [...piece])), lengths)
}

for (const upstream of dialects) {
  for (const to of dialects) {
    t.test(`${upstream.name} to ${to.name}: the fast path gives what the slow path gives`, async () => {
      fc.assert(fc.property(segments, style, client, network, (given, form, options, net) => {
        const events = eventsOf.get(upstream)?.(given, form) ?? []
        const whole = piecesOf(events, { ...net, cut: 'events' })
        deepEqual(run(piecesOf(events, net), upstream, to, options, true), run(whole, upstream, to, options, false))
      }), { numRuns: 250 })
    })
  }
}

const shapes: ReadonlyArray<readonly [name: string, Kind, Partial<Style>]> = [['text', 'text', {}], [
  'keys by the alphabet',
  'text',
  { order: 'alphabetical', object: false },
], ['offsets that change', 'text', { offsets: true, object: false }], ['usage in each chunk', 'text', { usage: true }],
  ['a role in each delta', 'text', { role: true }], ['a new id in each event', 'text', { newIds: true }], ['padding',
  'text', { padding: true, newIds: true }], ['a name on each event', 'text', { name: true }], ['escapes', 'text', {
  escapes: true,
}], ['reasoning', 'reasoning', {}], ['reasoning under another name', 'reasoning', {
  reasoningField: 'reasoning_content',
}], ['a refusal', 'refusal', {}], ['arguments', 'arguments', {}], ['arguments with padding', 'arguments', {
  padding: true,
  newIds: true,
  object: false,
}], ['free text', 'input', {}]]

for (const [name, kind, form] of shapes) {
  t.test(`nearly all events of a stream take the fast path: ${name}`, async t => {
    for (const upstream of dialects) {
      // Messages has no tool that takes free text.
      for (const to of kind === 'input' ? [openAiChat, openAiResponses] : dialects) {
        const pieces = Array.from({ length: 60 }, (_, at) => ` <word ${at}>`)
        const events = eventsOf.get(upstream)?.([{ kind, pieces }], { ...usualStyle, ...form }) ?? []
        const before = streamEvents.fast
        const { failure } = run(events.map(toBytes), upstream, to, usualClient, true)
        t.equal(failure, null)
        const hits = streamEvents.fast - before
        t.ok(hits >= 55, `${hits} from ${upstream.name} to ${to.name}`)
      }
    }
  })
}

t.test('logprobs pass in the same dialect on the fast path', async t => {
  const pieces = Array.from({ length: 60 }, (_, at) => ` word ${at}`)
  const before = streamEvents.fast
  run(chatEvents([{ kind: 'text', pieces }], { ...usualStyle, logprobs: true }).map(toBytes), openAiChat, openAiChat,
    usualClient, true)
  t.ok(streamEvents.fast - before >= 55)
})
