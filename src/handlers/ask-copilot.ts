// The question put to Copilot, and its refusals in words that help.
import type { Core } from '../core.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { brokeOff } from '../relay/failures.ts'
import { modelNotFound, resolveModel } from '../relay/resolve-model.ts'
import { toStreamError, toUpstreamError } from '../upstream/errors.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Plan } from './generate-plan.ts'

const maxAnswerBytes = 32 * 1_048_576

/** @returns a response with status 200, whatever its body. @throws {GatewayError} */
export function createAsk ({ copilot, models, config }: Core): (plan: Plan) => Promise<UpstreamResponse> {
  return send

  async function send (plan: Plan): Promise<UpstreamResponse> {
    const response = await copilot(plan.call)
    if (response.status === 200) return response
    const error = toUpstreamError(response, await readExcerpt(response, 65_536))
    throw error.code === 'model_not_supported' ? await explain(error, plan) : error
  }

  /** Copilot says "not supported" of a model it does not know and of one this seat may not use: tell which. */
  async function explain (error: GatewayError, { requested, request }: Plan): Promise<GatewayError> {
    const list = await models.list(request).catch(() => null)
    const found = list === null ? null : resolveModel(requested, list, config.modelAliases)
    if (list !== null && found === null) return modelNotFound(requested, list)
    const policy = found?.entry?.['policy']
    if (!isObject(policy) || policy['state'] === 'enabled') return error
    return new GatewayError(error, `${error.message} Its terms are not accepted for this seat yet: enable the model at github.com/settings/copilot, or ask the organisation's administrator.`, { param: 'model' })
  }
}

export function isEventStream ({ headers }: UpstreamResponse): boolean {
  return headers['content-type']?.includes('text/event-stream') === true
}

/** As text, and what it says. @throws {GatewayError} for an error inside a 200, and for what is no answer at all */
export async function readAnswer (response: UpstreamResponse): Promise<{ readonly text: string, readonly answer: JsonObject }> {
  let text: string
  try { text = await readText(response, maxAnswerBytes) } catch (thrown) {
    const error = toGatewayError(thrown)
    throw error.code === 'internal' ? brokeOff(thrown) : error
  }
  const answer = parseObject(text)
  if (answer === null) throw new GatewayError('upstream_error', 'Copilot answered with something that is not JSON.')
  if (isObject(answer['error']) && answer['choices'] === undefined && answer['output'] === undefined && answer['content'] === undefined) throw toStreamError(answer['error'])
  return { text, answer }
}
