// Asks a model for one answer and reads its stream. An answer that was cut off is never reported as complete.
import { apiPath, readAnswer } from '../lib/api.js'
import { loseSession } from '../lib/session.js'
import { t } from '../lib/text.js'
import { createEventReader } from './sse.js'
/** @import { Failure, Session, Source, Usage } from '../types.d.ts' */

/**
 * What this page reads in a chunk of a stream, or in a whole answer. Any field may be missing.
 * @typedef {{ content?: unknown, reasoning_content?: unknown, reasoning_text?: unknown, cot_summary?: unknown,
 *   annotations?: unknown }} Delta
 * @typedef {{
 *   prompt_tokens?: number, completion_tokens?: number, prompt_tokens_details?: { cached_tokens?: number },
 *   completion_tokens_details?: { reasoning_tokens?: number },
 * }} TokenCounts
 * @typedef {{
 * error?: { code?: unknown, message?: unknown }, usage?: TokenCounts | null, copilot_usage?: { total_nano_aiu?: unknown
 * },
 *   model?: unknown, choices?: { delta?: Delta, message?: Delta, finish_reason?: string | null }[],
 * }} Chunk
 * @typedef {{ usage: Usage | null, credits: number | null, finish: string | null, sources: Source[] }} End
 */

/**
 * `onText` and `onReasoning` receive each new piece. Never throws.
 * @param {{
 *   session: Session, body: object, signal: AbortSignal,
 *   onText: (text: string) => void, onReasoning: (text: string) => void,
 * }} request
 * @returns {Promise<End & ({ status: 'done' | 'stopped' } | { status: 'failed', error: Failure })>}
 */
export async function askModel ({ session, body, signal, onText, onReasoning }) {
  /** @type {End} */
  const end = { usage: null, credits: null, finish: null, sources: [] }
  let isDone = false
  /** @type {Failure | null} */
  let failure = null
  /** @param {Chunk} chunk */
  const read = chunk => {
    if (chunk.error) failure = failureOf(chunk.error, 200)
    if (chunk.usage) end.usage = readUsage(chunk.usage)
    if (typeof chunk.copilot_usage?.total_nano_aiu === 'number') end.credits = chunk.copilot_usage.total_nano_aiu / 1e9
    for (const { delta, message, finish_reason: finish } of chunk.choices ?? []) {
      const piece = delta ?? message ?? {}
      const thought = piece.reasoning_content ?? piece.reasoning_text ?? piece.cot_summary
      if (typeof thought === 'string' && thought !== '') onReasoning(thought)
      if (typeof piece.content === 'string' && piece.content !== '') onText(piece.content)
      for (const source of sourcesIn(piece.annotations)) {
        if (!end.sources.some(({ url }) => url === source.url)) end.sources.push(source)
      }
      if (finish) end.finish = finish
    }
  }
  try {
    const response = await fetch(apiPath(session, '/chat/completions'), {
      method: 'POST',
      signal,
      credentials: 'same-origin',
      cache: 'no-store',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream, application/json' },
      body: JSON.stringify(body),
    })
    if (response.status === 401) loseSession(session)
    if (!response.ok) {
      const { state, message } = readAnswer(response.status, await response.text())
      const retryAfter = Number(response.headers.get('retry-after')) || null
      return { ...end, status: 'failed', error: explain({ code: state, message, status: response.status, retryAfter }) }
    }
    if (!(response.headers.get('content-type') ?? '').includes('event-stream')) {
      read(await response.json())
      isDone = true
    } else if (response.body !== null) {
      const feed = createEventReader(data => {
        if (data === '[DONE]') isDone = true
        else read(JSON.parse(data))
      })
      const reader = response.body.getReader()
      for (let part = await reader.read(); !part.done; part = await reader.read()) feed(part.value)
    }
  } catch {
    if (signal.aborted) return { ...end, status: 'stopped' }
    failure ??= { code: 'connection', message: t('chat.answer.connection') }
  }
  if (failure !== null) return { ...end, status: 'failed', error: failure }
  if (isDone) return { ...end, status: 'done' }
  return { ...end, status: 'failed', error: { code: 'cut', message: t('chat.answer.cut') } }
}

/**
 * The pages of the web that `annotations` cite, as OpenAI Chat has them. Whatever else it holds is ignored.
 * @param {unknown} annotations
 * @returns {Source[]}
 */
function sourcesIn (annotations) {
  if (!Array.isArray(annotations)) return []
  return annotations.flatMap(annotation => {
    const { url, title } = annotation?.url_citation ?? {}
    return typeof url === 'string' && /^https?:\/\//i.test(url)
      ? [{ url, title: typeof title === 'string' ? title : '' }]
      : []
  })
}

/**
 * @param {{ code?: unknown, message?: unknown }} error
 * @param {number} status
 */
function failureOf (error, status) {
  return explain({ code: String(error.code ?? ''), message: String(error.message ?? t('chat.answer.broke')), status,
    retryAfter: null })
}

/**
 * The proxy's message, and what the user can do if the message does not say it.
 * @param {{ code: string, message: string, status: number, retryAfter: number | null }} refusal
 */
function explain ({ code, message, status, retryAfter }) {
  const advice = code === 'github_token_rejected'
    ? t('chat.answer.link')
    : status === 401
    ? t('chat.answer.sign-in')
    : status === 402
    ? t('chat.answer.quota')
    : status === 413
    ? t('chat.answer.smaller')
    : retryAfter
    ? retryAfter < 120
      ? t('chat.answer.wait.seconds', { seconds: retryAfter })
      : t('chat.answer.wait.minutes', { minutes: Math.round(retryAfter / 60) })
    : ''
  return { code, message: advice === '' || message.includes(advice) ? message : `${message} ${advice}` }
}

/**
 * @param {TokenCounts} counts
 * @returns {Usage}
 */
function readUsage (
  { prompt_tokens: input = 0, completion_tokens: output = 0, prompt_tokens_details: cached,
    completion_tokens_details: details },
) {
  return { input, output, cached: cached?.cached_tokens ?? 0, reasoning: details?.reasoning_tokens ?? 0 }
}
