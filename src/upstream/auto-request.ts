// POST /auto: Copilot chooses a model for a prompt, and opens a session in which the conversation may use it.
// docs/spec/copilot.md#auto
import type { Clock } from '../contract.ts'
import { GatewayError } from '../errors.ts'
import { isObject } from '../json.ts'
import type { Model } from '../model-entry.ts'
import type { Copilot } from './copilot.ts'
import { toUpstreamError } from './errors.ts'
import { readModels } from './model-copy.ts'
import type { ModelRequest } from './models.ts'
import { parseObject, readExcerpt, readText } from './read-body.ts'
import { readCopilotToken } from './secrets.ts'

export interface OpenedSession {
  readonly token: string
  /** Its entry, without prices and policy. */
  readonly model: Model
  readonly livesMs: number
}

export interface AutoQuestion {
  readonly prompt: string
  readonly hasImage: boolean
}

/** Null if this seat has no Auto. @throws {GatewayError} */
export type OpenSession = (request: ModelRequest, question: AutoQuestion) => Promise<OpenedSession | null>

/** As GitHub's own client. */
const timeoutMs = 5_000
const maxReplyBytes = 262_144

export function createOpenSession (copilot: Copilot, { now }: Pick<Clock, 'now'>): OpenSession {
  return async (request, { prompt, hasImage }) => {
    const response = await copilot({
      ...request,
      method: 'POST',
      path: '/auto',
      body: JSON.stringify({ prompt, ...(hasImage ? { has_image: true } : {}) }),
      intent: 'model-access',
      initiator: null,
      vision: false,
      signal: AbortSignal.timeout(timeoutMs),
      headersMs: timeoutMs,
    })
    if (response.status === 404) return readExcerpt(response, 1_024).then(() => null)
    if (response.status !== 200) {
      const text = await readExcerpt(response, 4_096)
      throw toRefusal(toUpstreamError(response, text), parseObject(text)?.['error'])
    }
    const date = Date.parse(response.headers['date'] ?? '')
    return readSession(await readText(response, maxReplyBytes), Number.isNaN(date) ? now() : date)
  }
}

/** @param now by GitHub's clock */
function readSession (text: string, now: number): OpenedSession {
  const reply = parseObject(text)
  const token = readCopilotToken(reply?.['session_token'])
  const [model] = readModels([reply?.['selected_model']]).models
  const expiresAt = reply?.['expires_at']
  if (token === null || model === undefined || typeof expiresAt !== 'number') {
    throw new GatewayError('upstream_error',
      'Copilot answered the choice of a model with something that is no session.')
  }
  return { token, livesMs: expiresAt * 1_000 - now,
    model: { ...model, capabilities: { type: 'chat', ...model.capabilities } } }
}

/** This route gives its code as the whole error. */
function toRefusal (error: GatewayError, code: unknown): GatewayError {
  if (isObject(code) || typeof code !== 'string') return error
  return new GatewayError(error, `Copilot chose no model for \`auto\`: ${code.slice(0, 128)}.`, { cause: error })
}
