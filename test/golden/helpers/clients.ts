// The vendors' own SDKs, whole or streamed as the case requires, and their result. Only retries are off.
import Anthropic from '@anthropic-ai/sdk'
import { ApiError, GoogleGenAI, type Content, type GenerateContentParameters,
  type GenerateContentResponse } from '@google/genai'
import OpenAI from 'openai'
import type { User } from '../../fixtures/targets.ts'
import { parse, readEvents, type Json } from '../../fixtures/http.ts'

/** The last answer as it was on the wire. */
export interface Last {
  headers: Headers
  text: Promise<string>
}

export interface Clients {
  readonly openai: OpenAI
  readonly anthropic: Anthropic
  /** The completion from the SDK, which assembles chunks if the case streams. */
  readonly chat: (params: Json) => Promise<OpenAI.ChatCompletion>
  readonly responses: (params: Json) => Promise<OpenAI.Responses.Response>
  /** `max_tokens` is 512 unless a case sets it. */
  readonly messages: (params: Json) => Promise<Anthropic.Message>
  /** The parts of all chunks in their order, as Google's clients keep them, and the last finish reason. */
  readonly gemini: (params: GenerateContentParameters) => Promise<Content & { readonly finish: string | undefined }>
  readonly fetch: typeof fetch
  readonly last: Last
}

export function createClients ({ base, password }: Pick<User, 'base' | 'password'>, stream: boolean): Clients {
  const last: Last = { headers: new Headers(), text: Promise.resolve('') }
  const recorded: typeof fetch = async (input, init) => {
    // After an error in a stream, an SDK aborts the request. The rest of the stream is still visible here.
    const response = await fetch(input, { ...init, signal: AbortSignal.timeout(15_000) })
    last.headers = response.headers
    last.text = response.clone().text()
    last.text.catch(() => {})
    return response
  }
  const openai = new OpenAI({ apiKey: password, baseURL: base, maxRetries: 0, timeout: 15_000, fetch: recorded })
  const anthropic = new Anthropic({ apiKey: password, baseURL: base.replace(/\/v1$/, ''), maxRetries: 0,
    timeout: 15_000, fetch: recorded })
  const google = new GoogleGenAI({ apiKey: password,
    httpOptions: { baseUrl: base.replace(/\/v1$/, ''), apiVersion: 'v1beta', timeout: 15_000 } })
  return {
    openai,
    anthropic,
    last,
    fetch: recorded,
    chat: params =>
      stream ? openai.chat.completions.stream(params).finalChatCompletion() : openai.chat.completions.create(params),
    responses: params => stream ? openai.responses.stream(params).finalResponse() : openai.responses.create(params),
    messages: params => {
      const whole = { max_tokens: 512, ...params }
      return stream ? anthropic.messages.stream(whole).finalMessage() : anthropic.messages.create(whole)
    },
    async gemini (params) {
      const chunks: GenerateContentResponse[] = []
      try {
        if (stream) { for await (const chunk of await google.models.generateContentStream(params)) chunks.push(chunk) }
        else chunks.push(await google.models.generateContent(params))
      } catch (thrown) {
        throw thrown instanceof ApiError ? { status: thrown.status, error: parse(thrown.message)?.error } : thrown
      }
      last.headers = new Headers(chunks[0]?.sdkHttpResponse?.headers)
      const candidates = chunks.map(chunk => chunk.candidates?.[0])
      return { role: 'model', parts: candidates.flatMap(candidate => candidate?.content?.parts ?? []),
        finish: candidates.findLast(candidate => candidate?.finishReason !== undefined)?.finishReason }
    },
  }
}

export async function eventsOf (last: Last): Promise<Json[]> {
  return readEvents(await last.text)
}

// Short forms of an answer's parts, in order, for comparisons.

/** `['text', …]`, `['thinking', …]`, `['tool_use', name, input]`, or the block's type alone. */
export function blocksOf ({ content }: Pick<Anthropic.Message, 'content'>): unknown[] {
  return content.map(block => {
    switch (block.type) {
      case 'text':
        return ['text', block.text]
      case 'thinking':
        return ['thinking', block.thinking]
      case 'tool_use':
        return ['tool_use', block.name, block.input]
      default:
        return [block.type]
    }
  })
}

/** `['message', …]`, `['reasoning', …]`, `['function_call', name, arguments]`, `['custom_tool_call', name, input]`. */
export function itemsOf ({ output }: Pick<OpenAI.Responses.Response, 'output'>): unknown[] {
  return output.map(item => {
    switch (item.type) {
      case 'message':
        return ['message', item.content.map(part => part.type === 'output_text' ? part.text : part.refusal).join('')]
      case 'reasoning':
        return ['reasoning', item.summary.map(part => part.text).join('\n\n')]
      case 'function_call':
        return ['function_call', item.name, parse(item.arguments) ?? item.arguments]
      case 'custom_tool_call':
        return ['custom_tool_call', item.name, item.input]
      default:
        return [item.type]
    }
  })
}

/** The only choice: its text, its calls, its finish reason. */
export function choiceOf (
  { choices }: OpenAI.ChatCompletion,
): { text: string | null, calls: unknown[], finish: string, message: Json } {
  const [choice] = choices
  if (choice === undefined || choices.length !== 1) throw new Error(`${choices.length} choices`)
  const { message, finish_reason: finish } = choice
  return { text: message.content, finish, message,
    calls: (message.tool_calls ?? []).map(call =>
      call.type === 'function'
        ? [call.function.name, parse(call.function.arguments) ?? call.function.arguments]
        : [call.custom.name, call.custom.input]
    ) }
}
