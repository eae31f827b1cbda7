// The vendors' own readers of a Chat stream, which get text instead of a network.
import { createOpenAI } from '@ai-sdk/openai'
import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { streamText, type ToolSet } from 'ai'
import OpenAI from 'openai'
import type { ChatCompletion, ChatCompletionStreamParams } from 'openai/resources/chat/completions'

function answering (sse: string): typeof fetch {
  return async () => new Response(sse, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } })
}

export async function readWithOpenAi (
  sse: string,
  more: Partial<ChatCompletionStreamParams> = {},
): Promise<ChatCompletion> {
  const client = new OpenAI({ apiKey: 'x', baseURL: 'http://stub.test/v1', fetch: answering(sse), maxRetries: 0 })
  return client.chat.completions.stream({ model: 'm', messages: [{ role: 'user', content: 'Hi' }], ...more })
    .finalChatCompletion()
}

export interface Read {
  readonly text: string
  readonly reasoning: string
  readonly calls: readonly { id: string, name: string, input: unknown }[]
  readonly finish: string
  readonly errors: readonly unknown[]
  readonly inputTokens: number | undefined
}

export async function readWithVercel (
  provider: 'openai' | 'compatible',
  sse: string,
  tools: ToolSet = {},
): Promise<Read> {
  const settings = { baseURL: 'http://stub.test/v1', apiKey: 'x', fetch: answering(sse) }
  const model = provider === 'openai'
    ? createOpenAI(settings).chat('m')
    : createOpenAICompatible({ name: 'stub', ...settings, includeUsage: true })('m')
  const errors: unknown[] = []
  const result = streamText({ model, prompt: 'Hi', tools, maxRetries: 0, onError: ({ error }) => {
    errors.push(error)
  } })
  const read = { text: '', reasoning: '', calls: [] as { id: string, name: string, input: unknown }[] }
  for await (const part of result.fullStream) {
    if (part.type === 'text-delta') read.text += part.text
    if (part.type === 'reasoning-delta') read.reasoning += part.text
    if (part.type === 'tool-call') read.calls.push({ id: part.toolCallId, name: part.toolName, input: part.input })
    if (part.type === 'error') errors.push(part.error)
  }
  return { ...read, errors, finish: await result.finishReason, inputTokens: (await result.usage).inputTokens }
}
