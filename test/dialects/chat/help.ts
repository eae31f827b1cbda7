// Shared by the tests of this dialect: targets, ledgers, options, and short ways to write a prompt.
import { encodeFitted } from '../../fixtures/fitted.ts'
import { promptOf } from '../../fixtures/prompt.ts'
import { createToolNames } from '../../../src/dialects/shared/tool-names.ts'
import { createLedger, type Ledger } from '../../../src/dialects/contract/ledger.ts'
import type { EncodeOptions, RequestFacts, StreamDecoder, Target } from '../../../src/dialects/contract/dialect.ts'
import type { Answer, Part } from '../../../src/dialects/contract/part.ts'
import type { Block, Prompt, Tool } from '../../../src/dialects/contract/prompt.ts'
import { openAiChat } from '../../../src/dialects/chat/index.ts'
import type { JsonObject } from '../../../src/json.ts'
import { collectAnswer } from '../../../src/relay/collect.ts'

export type Json = any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests read any field of a body

const plain: Target = {
  id: 'gpt-4.1',
  family: 'openai',
  isListed: true,
  streams: true,
  stream: false,
  efforts: [],
  thinkingBudget: null,
  maxOutputTokens: 16_384,
  maxNonStreamingOutputTokens: null,
  supports: { tools: true, vision: true, structuredOutputs: true, adaptiveThinking: false },
}
export const gpt = (more: Partial<Target> = {}): Target => ({ ...plain, ...more })
export const gpt5 = (more: Partial<Target> = {}): Target =>
  gpt({ id: 'gpt-5-mini', efforts: ['low', 'medium', 'high'], maxOutputTokens: 64_000, ...more })
export const claude = (more: Partial<Target> = {}): Target =>
  gpt({
    id: 'claude-sonnet-4',
    family: 'claude',
    thinkingBudget: { min: 1_024, max: 32_000 },
    maxOutputTokens: 16_000,
    supports: { tools: true, vision: true, structuredOutputs: false, adaptiveThinking: false },
    ...more,
  })
export const gemini = (more: Partial<Target> = {}): Target =>
  gpt({ id: 'gemini-3-pro-preview', family: 'gemini', thinkingBudget: { min: 128, max: 32_768 },
    maxOutputTokens: 64_000, ...more })

export function ledger (strict = false): Ledger {
  return createLedger({ strict, model: 'm', upstream: 'u' })
}

export function prompt (more: Partial<Prompt> = {}): Prompt {
  return promptOf({ turns: [{ role: 'user', blocks: [text('Hi')] }], ...more })
}

export const tool = (name: string, more: Partial<Tool> = {}): Tool => ({ name, namespace: null, kind: 'function',
  builtin: null, description: null, schema: { type: 'object', properties: {} }, strict: null, grammar: null,
  cache: false, ...more })
export const text = (text: string): Block => ({ type: 'text', text })
export const call = (id: string, name: string, input = '{}'): Block => ({ type: 'tool-call', id, name, namespace: null,
  kind: 'function', builtin: null, input })
export const result = (id: string, text: string, isError: boolean | null = null): Block => ({ type: 'tool-result', id,
  isError, blocks: text === '' ? [] : [{ type: 'text', text }] })

export function encode (
  given: Partial<Prompt>,
  target: Target = gpt(),
  losses: Ledger = ledger(),
): { body: Json, lost: readonly string[] } {
  const whole = prompt(given)
  const body: Json = encodeFitted(openAiChat, whole, target, losses, createToolNames(whole, 64))
  return { body, lost: losses.lost() }
}

export function decode (body: JsonObject, losses: Ledger = ledger()): { prompt: Prompt, lost: readonly string[] } {
  return {
    prompt: openAiChat.decodeRequest({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...body }, losses),
    lost: losses.lost(),
  }
}

export const facts = (more: Partial<RequestFacts> = {}): RequestFacts => ({ model: 'm', stream: true,
  includeUsage: false, n: 1, initiator: 'user', vision: false, hasTools: false, ...more })
export const options = (more: Partial<EncodeOptions> = {}): EncodeOptions => ({ prompt: prompt(), facts: facts(),
  model: 'asked', inputEstimate: 1, now: () => 1_700_000_000_000, newId: () => 'f'.repeat(32), ...more })

/** Chunks as upstream sends them: one object for the data of each event. */
export function parts (
  chunks: readonly (JsonObject | string)[],
  decoder: StreamDecoder = openAiChat.createDecoder(),
): Part[] {
  const out = chunks.flatMap(chunk => decoder.push(typeof chunk === 'string' ? chunk : JSON.stringify(chunk), ''))
  return [...out, ...decoder.end()]
}
export const collect = (chunks: readonly (JsonObject | string)[]): Answer => collectAnswer(parts(chunks))
export const chunk = (delta: JsonObject, more: JsonObject = {}): JsonObject => ({ id: 'chatcmpl-1', created: 1,
  model: 'up', choices: [{ index: 0, delta, ...more }] })

export function stream (given: readonly Part[], more: Partial<EncodeOptions> = {}): string {
  const encoder = openAiChat.createEncoder(options(more))
  return given.map(part => encoder.push(part)).join('') + encoder.end()
}
/** The data of each event, parsed if it is JSON. */
export function chunksOf (sse: string): Json[] {
  return sse.split('\n\n').filter(event => event !== '').map(event => {
    const data = event.slice('data: '.length)
    return data === '[DONE]' ? data : JSON.parse(data)
  })
}
