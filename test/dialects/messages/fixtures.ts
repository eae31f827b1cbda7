// Shared by the tests of this dialect: a model, a ledger, the encoder's options, and the real SDKs that read its
// output.
import Anthropic from '@anthropic-ai/sdk'
import { createAnthropic } from '@ai-sdk/anthropic'
import { streamText } from 'ai'
import { encodeFitted, prepareFitted } from '../../fixtures/fitted.ts'
import { promptOf } from '../../fixtures/prompt.ts'
import { anthropicMessages } from '../../../src/dialects/messages/index.ts'
import type { EncodeOptions, Target } from '../../../src/dialects/contract/dialect.ts'
import { createLedger, type Ledger } from '../../../src/dialects/contract/ledger.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import type { Prompt } from '../../../src/dialects/contract/prompt.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { normaliseTurns } from '../../../src/relay/normalise.ts'

export type Json = any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read any field of an answer

export const dialect = anthropicMessages

export function newLedger (strict = false): Ledger {
  return createLedger({ strict, model: 'm', upstream: '/v1/messages' })
}

/** Sonnet 4.6 as its entry describes it. */
export function target (more: Partial<Target> = {}): Target {
  return {
    id: 'claude-sonnet-4.6',
    family: 'claude',
    isListed: true,
    streams: true,
    stream: true,
    supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: true },
    efforts: ['low', 'medium', 'high'],
    thinkingBudget: { min: 1_024, max: 32_000 },
    maxOutputTokens: 32_000,
    maxNonStreamingOutputTokens: 16_000,
    ...more,
  }
}

/** Sonnet 4: it has a budget and no efforts, and accepts a prefilled answer. */
export function older (more: Partial<Target> = {}): Target {
  return target({ id: 'claude-sonnet-4',
    supports: { tools: true, vision: true, structuredOutputs: false, adaptiveThinking: false }, efforts: [],
    maxOutputTokens: 16_000, maxNonStreamingOutputTokens: null, ...more })
}

export function prompt (more: Partial<Prompt> = {}): Prompt {
  return promptOf({ model: 'gpt', stream: true, ...more })
}

export function request (given: Partial<Prompt>, to: Target = target(), ledger = newLedger()): Json {
  const whole = prompt(given)
  const fitted = { ...whole, turns: normaliseTurns(whole.turns) }
  return encodeFitted(dialect, fitted, to, ledger, createToolNames(fitted, 128))
}

export function decode (body: object, ledger = newLedger()): Prompt {
  return dialect.decodeRequest({ model: 'gpt-5.1', max_tokens: 100, messages: [{ role: 'user', content: 'hi' }],
    ...body }, ledger)
}

export function prepare (body: object, to: Target = target(), ledger = newLedger()): Json {
  return prepareFitted(dialect, { model: to.id, max_tokens: 100, stream: true,
    messages: [{ role: 'user', content: 'hi' }], ...body }, to, ledger)
}

export function options (given: Partial<Prompt> = {}): EncodeOptions {
  const facts = { model: 'm', stream: true, includeUsage: false, n: 1, initiator: 'user', vision: false,
    hasTools: true } as const
  return { prompt: prompt({ thinking: 'adaptive', showReasoning: true, ...given }), facts, model: 'asked',
    inputEstimate: 97.2, now: () => 1_700_000_000_000, newId: () => '0123456789abcdef0123456789abcdef' }
}

export const head: Part = { type: 'message-start', id: 'resp_1', model: 'gpt', created: null }
export const tail: Part = { type: 'message-end', reason: 'stop', stopSequence: null, explanation: null }
export const usage: Part = { type: 'usage',
  usage: { input: 100, cacheRead: 60, cacheWrite: 10, output: 20, reasoning: 8, nanoCredits: 5 } }

export function encode (parts: readonly Part[], given: Partial<Prompt> = {}): string {
  const encoder = dialect.createEncoder(options(given))
  return parts.map(part => encoder.push(part)).join('') + encoder.end()
}

export function events (sse: string): Json[] {
  return sse.split('\n\n').filter(Boolean).map(event => JSON.parse(event.slice(event.indexOf('\ndata: ') + 7)))
}

/** Upstream's events, as the scanner gives them. */
export function decodeStream (sent: ReadonlyArray<Json>): Part[] {
  const decoder = dialect.createDecoder()
  const parts = sent.flatMap(event =>
    decoder.push(typeof event === 'string' ? event : JSON.stringify(event), event.type ?? '')
  )
  return [...parts, ...decoder.end()]
}

function served (sse: string): typeof fetch {
  return async () => new Response(sse, { headers: { 'content-type': 'text/event-stream' } })
}

/** Reads a stream with Anthropic's own SDK. */
export async function accumulate (sse: string): Promise<Json> {
  const client = new Anthropic({ apiKey: 'x', maxRetries: 0, fetch: served(sse) })
  return client.messages.stream({ model: 'm', max_tokens: 1, messages: [{ role: 'user', content: 'x' }] })
    .finalMessage()
}

/** Reads a stream with Vercel's SDK, which checks each event against a schema. */
export async function vercel (sse: string): Promise<Json[]> {
  const provider = createAnthropic({ apiKey: 'x', fetch: served(sse) })
  const seen: Json[] = []
  for await (const part of streamText({ model: provider('claude-x'), prompt: 'x', maxRetries: 0, onError: () => {} })
    .fullStream) seen.push(part)
  return seen
}
