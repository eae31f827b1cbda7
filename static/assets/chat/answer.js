// One answer of a model: the request, its stream, and an end that is never taken for better than it was.
import { apiPath, bearer, readAnswer } from '../lib/api.js'
import { createEventReader } from './sse.js'

/**
 * @param onText and @param onReasoning called with each new piece
 * @returns `{ status: 'done' | 'stopped' | 'failed', error?, finish?, usage?, credits? }`; never throws
 */
export async function askModel ({ session, body, signal, onText, onReasoning }) {
  const end = { usage: null, credits: null, finish: null, model: null }
  let isDone = false
  let failure = null
  const read = chunk => {
    if (chunk.error) failure = failureOf(chunk.error, 200)
    if (chunk.usage) end.usage = readUsage(chunk.usage)
    if (typeof chunk.copilot_usage?.total_nano_aiu === 'number') end.credits = chunk.copilot_usage.total_nano_aiu / 1e9
    if (typeof chunk.model === 'string') end.model = chunk.model
    for (const { delta, message, finish_reason: finish } of chunk.choices ?? []) {
      const said = delta ?? message ?? {}
      const thought = said.reasoning_content ?? said.reasoning_text ?? said.cot_summary
      if (typeof thought === 'string' && thought !== '') onReasoning(thought)
      if (typeof said.content === 'string' && said.content !== '') onText(said.content)
      if (finish) end.finish = finish
    }
  }
  try {
    const response = await fetch(apiPath(session, '/chat/completions'), {
      method: 'POST', signal, credentials: 'omit', cache: 'no-store',
      headers: { ...bearer(session), 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
      body: JSON.stringify(body),
    })
    if (!response.ok) {
      const { state, message } = readAnswer(response.status, await response.text())
      return { ...end, status: 'failed', error: explain({ code: state, message, status: response.status, retryAfter: Number(response.headers.get('retry-after')) || null }) }
    }
    if (!(response.headers.get('content-type') ?? '').includes('event-stream')) {
      read(await response.json())
      isDone = true
    } else {
      const feed = createEventReader(data => {
        if (data === '[DONE]') isDone = true
        else read(JSON.parse(data))
      })
      const reader = response.body.getReader()
      for (let part = await reader.read(); !part.done; part = await reader.read()) feed(part.value)
    }
  } catch {
    if (signal.aborted) return { ...end, status: 'stopped' }
    failure ??= { code: 'connection', message: 'The connection broke. Check the network, then retry.' }
  }
  if (failure !== null) return { ...end, status: 'failed', error: failure }
  if (!isDone) return { ...end, status: 'failed', error: { code: 'cut', message: 'The answer was cut off on the way. Retry to get a whole one.' } }
  return { ...end, status: 'done' }
}

function failureOf (error, status) {
  return explain({ code: String(error.code ?? ''), message: String(error.message ?? 'The model broke off.'), status, retryAfter: null })
}

/** The proxy's message, and what to do where the message alone does not say. */
function explain ({ code, message, status, retryAfter }) {
  const advice = code === 'github_token_rejected' ? ' Open Setup and link GitHub again.'
    : status === 401 ? ' Sign in again.'
      : status === 402 ? ' Choose a free model, or see Usage on the Setup page.'
        : status === 413 ? ' Send fewer or smaller attachments.'
          : retryAfter ? ` Try again in ${retryAfter < 120 ? `${retryAfter} s` : `${Math.round(retryAfter / 60)} min`}.` : ''
  return { code: status === 401 ? 'invalid_api_key' : code, message: `${message}${message.includes(advice.trim()) ? '' : advice}` }
}

function readUsage ({ prompt_tokens: input = 0, completion_tokens: output = 0, prompt_tokens_details: cached, completion_tokens_details: details }) {
  return { input, output, cached: cached?.cached_tokens ?? 0, reasoning: details?.reasoning_tokens ?? 0 }
}
