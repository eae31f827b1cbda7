// Shared by the tests of this dialect: the vendor's SDKs reading our bytes, parts, targets, and a stopped clock.
import OpenAI from 'openai'
import { createOpenAI } from '@ai-sdk/openai'
import { streamText } from 'ai'
import { encodeFitted } from '../../fixtures/fitted.ts'
import { openAiResponses as dialect } from '../../../src/dialects/responses/index.ts'
import type { AnswerOptions, EncodeOptions, RequestFacts, StreamRepair,
  Target } from '../../../src/dialects/contract/dialect.ts'
import { createLedger, type Ledger } from '../../../src/dialects/contract/ledger.ts'
import type { Part } from '../../../src/dialects/contract/part.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { GatewayError } from '../../../src/errors.ts'
import type { JsonObject } from '../../../src/json.ts'

export type Json = any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read any field of an answer

export const target: Target = {
  id: 'gpt-5.1',
  family: 'openai',
  isListed: true,
  streams: true,
  stream: true,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
  efforts: ['none', 'low', 'medium', 'high'],
  thinkingBudget: null,
  maxOutputTokens: 64_000,
  maxNonStreamingOutputTokens: null,
}
export const plain: Target = { ...target, id: 'gpt-4.1', efforts: [] }

let counter = 0
export const newId = (): string => String(counter++).padStart(32, '0')
export const now = (): number => 1_760_000_000_000

export function ledger (strict = false): Ledger {
  return createLedger({ strict, model: 'gpt-5.1', upstream: 'openai-responses' })
}

export function facts (body: JsonObject): RequestFacts {
  return dialect.inspect({ input: 'hi', ...body })
}

export function answerOptions (body: JsonObject = {}): AnswerOptions {
  return { facts: facts(body), model: 'gpt-5.1', now, newId }
}

export const everything = { model: 'my-model', input: 'hi', include: ['reasoning.encrypted_content'],
  reasoning: { summary: 'auto' } }

export function encodeOptions (body: JsonObject = everything): EncodeOptions {
  return { prompt: dialect.decodeRequest(body, ledger()), facts: facts(body), model: 'my-model', inputEstimate: 1, now,
    newId }
}

export function encode (parts: readonly Part[], body: JsonObject = everything): string {
  const encoder = dialect.createEncoder(encodeOptions(body))
  return parts.map(part => encoder.push(part)).join('') + encoder.end()
}

export function decode (events: readonly JsonObject[]): Part[] {
  const decoder = dialect.createDecoder()
  return [...events.flatMap(event => decoder.push(JSON.stringify(event), String(event['type']))), ...decoder.end()]
}

export function decodeText (sse: string): Part[] {
  return decode(eventsOf(sse))
}

/** Decodes and encodes a request, as it reaches upstream. */
export function upstreamBody (body: JsonObject, to: Target = target, notes: Ledger = ledger()): Json {
  const prompt = dialect.decodeRequest(body, notes)
  return encodeFitted(dialect, prompt, to, notes, createToolNames(prompt, 64))
}

export function eventsOf (sse: string): Json[] {
  return sse.split('\n\n').filter(block => block !== '').map(block => {
    const [name, data] = block.split('\n')
    const event = JSON.parse(String(data).slice('data: '.length))
    if (name !== `event: ${event.type}`) throw new Error(`${name} is not ${event.type}`)
    return event
  })
}

/** Upstream's events after a repair, as text. */
export function repaired (
  events: readonly JsonObject[],
  repair: StreamRepair = dialect.createRepair(answerOptions()),
): string {
  let out = ''
  for (const event of events) {
    const data = JSON.stringify(event)
    out += repair.event(data, String(event['type'])) ?? `event: ${String(event['type'])}\ndata: ${data}\n\n`
  }
  return out + repair.end()
}

function answering (sse: string): typeof fetch {
  return async () => new Response(sse, { headers: { 'content-type': 'text/event-stream' } })
}

/** Reads a stream with OpenAI's own accumulator. */
export async function accumulate (sse: string): Promise<Json> {
  const client = new OpenAI({ apiKey: 'x', baseURL: 'http://localhost/v1', fetch: answering(sse), maxRetries: 0 })
  return client.responses.stream({ model: 'm', input: 'hi' }).finalResponse()
}

/** Reads a stream with the Vercel AI SDK. */
export async function vercel (
  sse: string,
): Promise<{ text: string, reasoning: string | undefined, calls: Json[], finish: string, errors: unknown[] }> {
  const model = createOpenAI({ apiKey: 'x', baseURL: 'http://localhost/v1', fetch: answering(sse) }).responses(
    'gpt-5.1',
  )
  const errors: unknown[] = []
  const result = streamText({ model, prompt: 'hi', maxRetries: 0, onError: ({ error }) => {
    errors.push(error)
  } })
  let text = ''
  let reasoning = ''
  let finish = ''
  const calls: Json[] = []
  for await (const part of result.fullStream as AsyncIterable<Json>) {
    if (part.type === 'text-delta') text += part.text
    if (part.type === 'reasoning-delta') reasoning += part.text
    if (part.type === 'tool-call') calls.push(part)
    if (part.type === 'finish') finish = part.finishReason
    if (part.type === 'error') errors.push(part.error)
  }
  return { text, reasoning, calls, finish, errors }
}

export function failed (act: () => unknown): GatewayError {
  try {
    act()
  } catch (thrown) {
    if (thrown instanceof GatewayError) return thrown
    throw thrown
  }
  throw new Error('nothing was thrown')
}

export const usage = { input: 100, cacheRead: 60, cacheWrite: 0, output: 20, reasoning: 8, nanoCredits: 0 }
export const call = (block: number, callId: string, name: string, more: JsonObject = {}): Part => ({
  type: 'tool-call-start',
  block,
  callId,
  name,
  namespace: null,
  kind: 'function',
  builtin: null,
  ...more,
})
export const start: Part = { type: 'message-start', id: 'msg_01', model: 'claude', created: 1_760_000_000 }
export const end = (reason: Extract<Part, { type: 'message-end' }>['reason'] = 'stop'): Part => ({ type: 'message-end',
  reason, stopSequence: null, explanation: null })
