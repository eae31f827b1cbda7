// Every step between the client's bytes and upstream's, without sockets, in the order of `handlers/`.
import { createLedger, type Ledger } from '../../src/dialects/contract/ledger.ts'
import type { ClientDialect, Dialect, DialectName, Target } from '../../src/dialects/contract/dialect.ts'
import { anthropicMessages } from '../../src/dialects/messages/index.ts'
import { openAiChat } from '../../src/dialects/chat/index.ts'
import { openAiResponses } from '../../src/dialects/responses/index.ts'
import { createToolNames } from '../../src/dialects/shared/tool-names.ts'
import { GatewayError } from '../../src/errors.ts'
import { readJsonObject, type JsonObject } from '../../src/json.ts'
import { normaliseTurns } from '../../src/relay/normalise.ts'
import { atOnce } from '../../src/steps.ts'
import { weighPrompt } from '../../src/usage/prompt-tokens.ts'
import { createTokenCounter } from '../../src/usage/token-counter.ts'
import { applyRules } from '../../src/rules/apply.ts'
import { assertLinear } from './measure.ts'
import { requestShapes, type RequestShape } from './request-shapes.ts'
import type { Test } from 'tap'

export const dialects: Readonly<Record<DialectName, Dialect>> = { 'openai-chat': openAiChat,
  'openai-responses': openAiResponses, 'anthropic-messages': anthropicMessages }
export const names = Object.keys(dialects) as DialectName[]

const gpt: Target = {
  id: 'gpt-5.1',
  family: 'openai',
  isListed: true,
  streams: true,
  stream: true,
  efforts: ['low', 'medium', 'high'],
  thinkingBudget: null,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
  maxOutputTokens: 64_000,
  maxNonStreamingOutputTokens: null,
}
const claude: Target = { ...gpt, id: 'claude-sonnet-4.6', family: 'claude',
  supports: { ...gpt.supports, adaptiveThinking: true }, thinkingBudget: { min: 1_024, max: 32_000 } }

export function targetOf (upstream: DialectName): Target {
  return upstream === 'anthropic-messages' ? claude : gpt
}

const usualN = 8_000
const countText = createTokenCounter(null)

export function assertRequestsLinear (t: Test, client: DialectName): void {
  for (const shape of requestShapes.filter(each => each.client === client)) {
    for (const upstream of names) {
      void t.test(`${shape.name}: ${client} to ${upstream}`, async t => {
        assertLinear(t, { name: 'request', n: shape.n ?? usualN, prepare: n => requestWork(shape, upstream, n) })
      })
    }
  }
}

export function requestWork (shape: RequestShape, upstream: DialectName, n: number): () => unknown {
  const bytes = new TextEncoder().encode(shape.body(n))
  const [from, to] = [dialects[shape.client], dialects[upstream]]
  const target = targetOf(upstream)
  return () =>
    refusedOr(() => {
      const ledger = createLedger({ strict: false, model: 'm', upstream: to.name })
      const received = readJsonObject(bytes)
      const body = from.normalise?.(received) ?? received
      const { mustTranslate } = from.inspect(body)
      if (from === to && mustTranslate !== true) {
        const sent = from.prepare(body, target, ledger) ?? body
        return [JSON.stringify(applyRules(to.path, sent, target, ledger).body), to.upstreamHeaders?.({}, sent, target)]
      }
      return translated(from, upstream, body, ledger)
    })
}

/** For a dialect that only clients speak. */
export function translatedWork (
  from: ClientDialect,
  bodyOf: (n: number) => string,
  upstream: DialectName,
  n: number,
): () => unknown {
  const bytes = new TextEncoder().encode(bodyOf(n))
  return () =>
    refusedOr(() => {
      const body = { ...readJsonObject(bytes), model: 'm' }
      from.inspect(body)
      return translated(from, upstream, body, createLedger({ strict: false, model: 'm', upstream }))
    })
}

function translated (from: ClientDialect, upstream: DialectName, body: JsonObject, ledger: Ledger): string {
  const [to, target] = [dialects[upstream], targetOf(upstream)]
  const prompt = from.decodeRequest(body, ledger)
  const fitted = { ...prompt, turns: normaliseTurns(prompt.turns) }
  void countText(atOnce(weighPrompt(fitted)).texts.join('\n'))
  return JSON.stringify(
    applyRules(to.path, to.encodeRequest(fitted, target, ledger, createToolNames(fitted, 64)), target, ledger).body,
  )
}

/**
 * A rule may refuse a large number of tools or images: the work up to the refusal is linear too. Any other error fails
 * the test.
 */
function refusedOr (work: () => unknown): unknown {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof GatewayError && thrown.code === 'unsupported_parameter') return thrown.message
    throw thrown
  }
}
