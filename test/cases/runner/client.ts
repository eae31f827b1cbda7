// Sends a client's request: streamed by the vendor's own SDK, which also assembles the answer, or whole over HTTP.
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { parse, type Json } from '../../fixtures/http.ts'
import type { Client } from './case.ts'
import type { User } from './gateway.ts'

export interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  /** Null if there is no answer: an error, or a stream that failed. */
  readonly answer: Json
  /** The body of the error; undefined if the call did not fail. */
  readonly failure: Json
}

const paths: Readonly<Record<Client, string>> = { chat: '/v1/chat/completions', responses: '/v1/responses',
  messages: '/v1/messages' }
const longestMs = 20_000

export function ask (
  user: User,
  client: Client,
  request: Json,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  return request.stream === true ? streamed(user, client, request, headers) : whole(user, client, request, headers)
}

async function whole (
  { base, password }: User,
  client: Client,
  request: Json,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const response = await fetch(base + paths[client], {
    method: 'POST',
    signal: AbortSignal.timeout(longestMs),
    body: JSON.stringify(request),
    headers: { 'content-type': 'application/json', authorization: `Bearer ${password}`, ...headers },
  })
  const text = await response.text()
  const body = parse(text) ?? { notJson: text }
  const isOk = response.status === 200
  return { status: response.status, headers: Object.fromEntries(response.headers), answer: isOk ? body : null,
    failure: isOk ? undefined : body }
}

async function streamed (
  { base, password }: User,
  client: Client,
  request: Json,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  let status = 0
  let received: Record<string, string> = {}
  const recorded: typeof fetch = async (input, init) => {
    const response = await fetch(input, init)
    status = response.status
    received = Object.fromEntries(response.headers)
    return response
  }
  const options = { apiKey: password, maxRetries: 0, timeout: longestMs, fetch: recorded, defaultHeaders: headers }
  const openai = () => new OpenAI({ ...options, baseURL: `${base}/v1` })
  try {
    const answer = await accumulated(client, request, openai, () => new Anthropic({ ...options, baseURL: base }))
    // Responses reports a failure in the object itself, and the SDK returns it like any other object.
    return { status, headers: received, answer,
      failure: client === 'responses' && answer.status === 'failed' ? { error: answer.error } : undefined }
  } catch (thrown) {
    if (!(thrown instanceof Error)) throw thrown
    return { status, headers: received, answer: null, failure: failureOf(thrown) }
  }
}

function accumulated (client: Client, request: Json, openai: () => OpenAI, anthropic: () => Anthropic): Promise<Json> {
  switch (client) {
    case 'chat':
      return openai().chat.completions.stream(request).finalChatCompletion()
    case 'responses':
      return openai().responses.stream(request).finalResponse()
    case 'messages':
      return anthropic().messages.stream(request).finalMessage()
  }
}

/** Anthropic's SDK keeps the whole body of an error, OpenAI's only the value of `error`. */
function failureOf (thrown: Error): Json {
  if (thrown instanceof Anthropic.APIError && thrown.error !== undefined) return thrown.error
  if (thrown instanceof OpenAI.APIError && thrown.error !== undefined) return { error: thrown.error }
  return { error: { message: thrown.message, type: thrown.constructor.name } }
}
