// H1: no answer costs more than its length, from any upstream and in any dialect of the client.
import t from 'tap'
import { createLedger } from '../../src/dialects/contract/ledger.ts'
import type { ClientDialect, ClientName, StreamRepair } from '../../src/dialects/contract/dialect.ts'
import { googleGemini } from '../../src/dialects/gemini/index.ts'
import { createToolNames } from '../../src/dialects/shared/tool-names.ts'
import { createReasoningMemory } from '../../src/relay/reasoning-memory.ts'
import { createScanner } from '../../src/relay/scan.ts'
import { createStopCutter } from '../../src/relay/stop-cutter.ts'
import { createTranslator } from '../../src/relay/translate.ts'
import { answerShapes, type AnswerShape } from './answer-shapes.ts'
import { assertLinear } from './measure.ts'
import { dialects } from './requests.ts'

t.setTimeout(600_000)
const usualN = 5_000
let ids = 0
const clock = { now: () => 1_760_000_000_000, newId: () => String(ids++).padStart(32, '0') }

const clients: Readonly<Partial<Record<ClientName, ClientDialect>>> = { ...dialects, 'google-gemini': googleGemini }

/** A client that wants every kind of part, and has one tool. */
const asked: Readonly<Partial<Record<ClientName, (isCustom: boolean) => Record<string, unknown>>>> = {
  'openai-chat': isCustom => ({ model: 'asked', stream: true, messages: [{ role: 'user', content: 'hi' }],
    tools: [isCustom ? { type: 'custom', custom: { name: 'f' } } : { type: 'function', function: { name: 'f' } }] }),
  'openai-responses': isCustom => ({ model: 'asked', stream: true, input: 'hi',
    include: ['reasoning.encrypted_content'], reasoning: { summary: 'auto' },
    tools: [{ type: isCustom ? 'custom' : 'function', name: 'f' }] }),
  'anthropic-messages': () => ({ model: 'asked', stream: true, max_tokens: 100, thinking: { type: 'adaptive' },
    messages: [{ role: 'user', content: 'hi' }], tools: [{ name: 'f', input_schema: { type: 'object' } }] }),
  'google-gemini': () => ({ model: 'asked', stream: true, contents: [{ role: 'user', parts: [{ text: 'hi' }] }],
    generationConfig: { thinkingConfig: { includeThoughts: true } },
    tools: [{ functionDeclarations: [{ name: 'f' }] }] }),
}

function createRelay ({ upstream, custom }: AnswerShape, clientName: ClientName): StreamRepair {
  const client = clients[clientName]
  const body = asked[clientName]?.(custom === true)
  if (client === undefined || body === undefined) throw new Error(`There is no client ${clientName}.`)
  const facts = client.inspect(body)
  if (upstream === clientName) return dialects[upstream].createRepair({ facts, model: 'up', ...clock })
  const prompt = client.decodeRequest(body, createLedger({ strict: false, model: 'm', upstream }))
  return createTranslator({
    upstream: dialects[upstream],
    client,
    names: createToolNames(prompt, 64),
    stops: [],
    upstreamModel: 'up',
    watch: createReasoningMemory().watcher('u'),
    encode: { prompt, facts, model: 'asked', inputEstimate: 1, ...clock },
  })
}

const everyClient = Object.keys(clients) as ClientName[]
for (const shape of answerShapes) {
  for (const client of everyClient.filter(name => name !== shape.except || name === shape.upstream)) {
    void t.test(`${shape.name}: ${shape.upstream} to ${client}`, async t => {
      assertLinear(t, {
        name: 'answer',
        n: shape.n ?? usualN,
        prepare (n) {
          const pieces = shape.events(n).map(event => new TextEncoder().encode(event))
          return () => {
            const scanner = createScanner(createRelay(shape, client))
            for (const piece of pieces) scanner.push(piece)
            scanner.end()
          }
        },
      })
    })
  }
}

void t.test('a stop sequence whose beginning repeats in the text', async t => {
  assertLinear(t, {
    name: 'sequence and text',
    n: 4_000,
    prepare: n => () => {
      const cutter = createStopCutter([`${'a'.repeat(n)}b${'a'.repeat(n)}c`])
      for (let nth = 0; nth < 4 * n; nth++) cutter.push({ type: 'text-delta', block: 0, text: 'a' })
    },
  })
})
