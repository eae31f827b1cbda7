// Sends a request to Copilot, and turns refusals into helpful messages. Only this file decides whether to send a
// request again: after a 401 (`upstream/copilot.ts`), and once after a 400 that a newer list or a rule can answer. At
// most two repetitions.
import { isAutoOnly } from '../auto-model.ts'
import type { Core } from '../core.ts'
import { byKind, readFailure } from '../dialects/shared/failure-kinds.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { isObject, type JsonObject } from '../json.ts'
import { brokeOff } from '../relay/failures.ts'
import { droppedName } from '../relay/headers.ts'
import { resolveModel } from '../relay/resolve-model.ts'
import { rulesThatAnswer } from '../rules/apply.ts'
import { isGemini } from '../rules/model-facts.ts'
import type { LearnedKey } from '../rules/rule.ts'
import { AutoSessionEnded, createRepeats, type Repeats } from '../upstream/copilot.ts'
import { isModelRefusal, toUpstreamError } from '../upstream/errors.ts'
import { parseObject, readExcerpt, readText } from '../upstream/read-body.ts'
import type { UpstreamResponse } from '../upstream/send.ts'
import type { Better } from './choose-destination.ts'
import type { Plan } from './generate-plan.ts'

export interface AskOptions {
  readonly replan: (better: Better) => Promise<Plan>
  /** False once the client has its headers: a loss that is found later can no longer be named there. */
  readonly canAddHeaders: () => boolean
  /** Of a request that asks several times. */
  readonly repeats?: Repeats
}
/** A response, and the plan that led to it. */
export interface Answered {
  readonly plan: Plan
  readonly response: UpstreamResponse
}
/**
 * Asks with a plan, or with a better one after a refusal. Null if reasoning used up the output limit, so there is no
 * answer.
 */
export type AskPlanned = (plan: Plan, canAddHeaders: AskOptions['canAddHeaders']) => Promise<Answered | null>

/** The next attempt, the rules that changed it, and those to remember if it helps. */
interface Next {
  readonly plan: Plan
  readonly rules: readonly string[]
  readonly keys: readonly LearnedKey[]
}

const maxAnswerBytes = 32 * 1_048_576
const maxRefusalBytes = 65_536
/** A list younger than this is not requested again. */
const recentMs = 60_000

/** @throws {GatewayError} */
export function createAsk (
  { copilot, models, config, learned, auto, meter }: Core,
): (plan: Plan, options: AskOptions) => Promise<Answered> {
  return ask

  async function ask (first: Plan, options: AskOptions): Promise<Answered> {
    const { repeats = createRepeats() } = options
    const { plan, response } = first.session === null
      ? { plan: first, response: await send(first, repeats) }
      : await askInSession(first, repeats, options)
    if (response.status === 200) return { plan, response }
    const { error, isBlank } = await readRefusal(response)
    const next = repeats.left > 0 ? await afterRefusal(plan, error, isBlank, options) : null
    if (next === null) throw await explain(error, plan)
    repeats.left--
    const second = await send(next.plan, repeats)
    if (second.status !== 200) throw await explain((await readRefusal(second)).error, next.plan)
    next.rules.forEach(meter.ruleAnswered)
    if (next.keys.length > 0) learned.helped(next.plan.place, next.keys)
    return { plan: next.plan, response: second }
  }

  /** If Copilot ended the session of `auto`, asks once more in a new one. It may choose another model. */
  async function askInSession (plan: Plan, repeats: Repeats, { replan }: AskOptions): Promise<Answered> {
    try {
      return { plan, response: await send(plan, repeats) }
    } catch (thrown) {
      if (!(thrown instanceof AutoSessionEnded) || repeats.left === 0) throw thrown
      repeats.left--
      const next = await replan({})
      return { plan: next, response: await send(next, repeats) }
    }
  }

  /** A session that Copilot ended serves no later request, also if this one is not repeated. */
  function send ({ call, request, session }: Plan, repeats: Repeats): Promise<UpstreamResponse> {
    const response = copilot({ ...call, repeats })
    return session === null ? response : response.catch((thrown: unknown) => {
      if (thrown instanceof AutoSessionEnded) auto.end(request, session)
      throw thrown
    })
  }

  /**
   * Null if the next attempt would equal the last.
   * @throws {GatewayError} if no attempt is possible
   */
  async function afterRefusal (
    plan: Plan,
    error: GatewayError,
    isBlank: boolean,
    { replan, canAddHeaders }: AskOptions,
  ): Promise<Next | null> {
    // The refusal names no cause, and may be temporary. From Gemini it is about the tools, and permanent.
    if (isBlank) return isGemini(plan.target) && plan.facts.hasTools ? null : { plan, rules: [], keys: [] }
    if (isModelRefusal(error)) return withNewerList(plan, replan)
    const answers = rulesThatAnswer(error, plan.upstream.path, plan.target, plan.learned)
    const keys = answers.map(({ key }) => key)
    if (keys.length === 0) return null
    const next = await replan({ learned: new Set([...plan.learned, ...keys]) })
    const isSame = next.call.body === plan.call.body
      && JSON.stringify(next.call.headers) === JSON.stringify(plan.call.headers)
    const isUnreported = next.headers[droppedName] !== plan.headers[droppedName] && !canAddHeaders()
    const lasting = answers.filter(({ rule }) => rule.when === 'learned').map(({ key }) => key)
    return isSame || isUnreported ? null : { plan: next, rules: answers.map(({ rule }) => rule.id), keys: lasting }
  }

  /** Plans with a list newer than the plan's: another endpoint serves the model, or the model does not exist. */
  async function withNewerList (plan: Plan, replan: AskOptions['replan']): Promise<Next | null> {
    const list = await models.list(plan.request, recentMs).catch(() => null)
    if (list === null || list === plan.list) return null
    const next = await replan({ list })
    return next.call.path === plan.call.path && next.answer.model === plan.answer.model
      ? null
      : { plan: next, rules: [], keys: [] }
  }

  /**
   * Copilot sends "not supported" both for an unknown model and for one that this seat may not use. The list of models
   * decides between the two.
   */
  async function explain (error: GatewayError, { requested, request, session }: Plan): Promise<GatewayError> {
    if (error.code !== 'model_not_supported') return error
    const list = await models.list(request).catch(() => null)
    if (session === null && list !== null && isAutoOnly(list)) {
      return new GatewayError(error, `${error.message} This seat has only Copilot's own choice: ask for \`auto\`.`, {
        param: 'model',
      })
    }
    const policy = list === null ? null : resolveModel(requested, list, config.modelAliases)?.entry?.['policy']
    if (!isObject(policy) || policy['state'] === 'enabled') return error
    return new GatewayError(error,
      `${error.message} Its terms are not accepted for this seat yet: enable the model at `
        + `github.com/settings/copilot, or ask the organisation's administrator.`, { param: 'model' })
  }
}

async function readRefusal (
  response: UpstreamResponse,
): Promise<{ readonly error: GatewayError, readonly isBlank: boolean }> {
  const text = await readExcerpt(response, maxRefusalBytes)
  return { error: byKind(toUpstreamError(response, text)),
    isBlank: response.status === 400 && text.trim() === 'Bad Request' }
}

export function isEventStream ({ headers }: UpstreamResponse): boolean {
  return headers['content-type']?.includes('text/event-stream') === true
}

/**
 * The answer as text, and parsed. @throws {GatewayError} for an error with status 200, and for a body that is no answer
 */
export async function readAnswer (
  response: UpstreamResponse,
): Promise<{ readonly text: string, readonly answer: JsonObject }> {
  let text: string
  try {
    text = await readText(response, maxAnswerBytes)
  } catch (thrown) {
    const error = toGatewayError(thrown)
    throw error.code === 'internal' ? brokeOff(thrown) : error
  }
  const answer = parseObject(text)
  if (answer === null) throw new GatewayError('upstream_error', 'Copilot answered with something that is not JSON.')
  if (isObject(answer['error']) && answer['choices'] === undefined && answer['output'] === undefined
    && answer['content'] === undefined) throw readFailure(answer['error'])
  return { text, answer }
}
