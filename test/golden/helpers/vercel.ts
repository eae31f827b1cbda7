// The Vercel AI SDK with each of its three providers, as its users set it up. Only retries are off.
import { createAnthropic } from '@ai-sdk/anthropic'
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { generateText, isStepCount, jsonSchema, Output, streamText, tool, type LanguageModel } from 'ai'
import type { Json } from '../../fixtures/http.ts'
import type { User } from '../../fixtures/targets.ts'

export interface VercelResult {
  readonly text: string
  readonly reasoning: string
  readonly calls: unknown[]
  readonly finish: string
  readonly usage: { readonly input: number | undefined, readonly output: number | undefined,
    readonly cached: number | undefined }
}
type Ask = (model: string, options: Json) => Promise<VercelResult>
export interface Vercel {
  /** Chat, through OpenAI's provider and through the one for compatible services. */
  readonly chat: Ask
  readonly compatible: Ask
  readonly responses: Ask
  readonly messages: Ask
}

export function createVercel (
  { base, password: apiKey }: Pick<User, 'base' | 'password'>,
  stream: boolean,
  fetch: typeof globalThis.fetch,
): Vercel {
  const openai = createOpenAI({ baseURL: base, apiKey, fetch })
  const anthropic = createAnthropic({ baseURL: base, apiKey, fetch })
  const compatible = createOpenAICompatible({ name: 'gateway', baseURL: base, apiKey, fetch, includeUsage: true })
  const ask = (of: (model: string) => LanguageModel): Ask => async (model, options) => {
    const all = { model: of(model), maxRetries: 0, ...options as { prompt: string } }
    if (!stream) {
      const { text, reasoningText, toolCalls, finishReason, usage } = await generateText(all)
      return { text, reasoning: reasoningText ?? '', calls: toolCalls.map(callOf), finish: finishReason,
        usage: usageOf(usage) }
    }
    let error: unknown
    const result = streamText({ ...all, onError: event => {
      error = event.error
    } })
    await result.consumeStream()
    if (error !== undefined) throw error instanceof Error ? error : new Error(JSON.stringify(error))
    return { text: await result.text, reasoning: await result.reasoningText ?? '',
      calls: (await result.toolCalls).map(callOf), finish: await result.finishReason,
      usage: usageOf(await result.usage) }
  }
  return { chat: ask(model => openai.chat(model)), responses: ask(model => openai.responses(model)),
    messages: ask(model => anthropic(model)), compatible: ask(model => compatible(model)) }
}

function callOf (call: { readonly toolName: string, readonly input: unknown }): unknown {
  return [call.toolName, call.input]
}

function usageOf (
  usage: { inputTokens: number | undefined, outputTokens: number | undefined,
    inputTokenDetails?: { cacheReadTokens?: number | undefined } },
): VercelResult['usage'] {
  return { input: usage.inputTokens, output: usage.outputTokens, cached: usage.inputTokenDetails?.cacheReadTokens }
}

/** An answer in the form of this schema. */
export function vercelObject (schema: object): unknown {
  return Output.object({ schema: jsonSchema(schema) })
}

/** A tool with one text argument. With `run`, the SDK continues by itself for a few steps. */
export function vercelTools (name: string, property: string, run?: (input: Json) => string): Json {
  const schema = { type: 'object' as const, properties: { [property]: { type: 'string' as const } },
    required: [property], additionalProperties: false }
  const made = tool(
    { description: `for ${name}`, inputSchema: jsonSchema<Json>(schema),
      ...(run === undefined ? {} : { execute: async (input: Json) => run(input) }) } as Json,
  )
  return { tools: { [name]: made }, ...(run === undefined ? {} : { stopWhen: isStepCount(4) }) }
}
