// One search of the web: a question to a model of the same seat that searches by itself. The gateway asks no other
// service. A search that fails is an outcome, which the model and the client read. `docs/spec/search.md#loop`.
import type { Call } from '../contract.ts'
import type { Core } from '../core.ts'
import type { Usage } from '../dialects/contract/dialect.ts'
import type { SearchError, SearchSettings } from '../dialects/contract/search.ts'
import { GatewayError, toGatewayError } from '../errors.ts'
import { collectAnswer } from '../relay/collect.ts'
import { searchRuleId } from '../rules/responses-tools.ts'
import { createDomainCheck, screenCitations, screenRecord } from '../search/domains.ts'
import { readFindings, type WebFindings } from '../search/findings.ts'
import { isModelRefusal } from '../upstream/errors.ts'
import { accountOf, seatRequest } from './api-body.ts'
import { createAsk, readAnswer } from './ask-copilot.ts'
import type { Better } from './choose-destination.ts'
import { createCallCount, countedModelOf } from './count-call.ts'
import { createPlanner, type Plan } from './generate-plan.ts'
import { allowedModels } from './key-rights.ts'
import type { Asked } from './read-request.ts'
import { searchModels } from './search-models.ts'

export type SearchOutcome =
  | { readonly found: WebFindings, readonly error: null, readonly model: string, readonly usage: Usage | null }
  /** `reason`: for the person, if there is something to know beyond the error. */
  | { readonly found: null, readonly error: SearchError, readonly reason: string | null }

/**
 * @param call the client's; its end ends the search
 * @param isDone whether the model did what was asked; usually that it searched
 * @throws {GatewayError} only if the client has left
 */
export type SearchWeb = (
  call: Call,
  question: string,
  settings: SearchSettings,
  isDone?: (found: WebFindings) => boolean,
) => Promise<SearchOutcome>

/** One question, on its way to a model. */
interface Question {
  readonly question: string
  readonly settings: SearchSettings
  readonly isDone: (found: WebFindings) => boolean
}

/** In characters. */
const maxQuery = 1_000
const searchMs = 45_000
const switchedOff = 'Web search is switched off on this server: its operator has set WEB_SEARCH=off.'
const noModel =
  'No model of this Copilot seat searches the web. It takes a GPT model on /responses, and where there is a '
  + 'policy "Copilot can search the web", the organisation has to allow it. A key searches with its own models alone.'

/** This model has no search on this seat; another one may. */
class SearchRefused extends Error {}

export function createSearchWeb (core: Core): SearchWeb {
  const { config, models, dialects, learned, meter, log, clock, spending } = core
  const count = createCallCount(core)
  const dialect = dialects.find(({ searchQuestion }) => searchQuestion !== undefined)
  if (dialect === undefined) throw new Error('no dialect can ask for a search')
  const makePlan = createPlanner(core, dialect)
  const ask = createAsk(core)

  return async (call, question, settings, isDone = hasSearched) => {
    const outcome = await search(call, { question, settings, isDone })
    meter.webSearch(outcome.error ?? 'ok')
    return outcome
  }

  async function search (call: Call, asked: Question): Promise<SearchOutcome> {
    const { question } = asked
    if (question === '') return failed('invalid_tool_input')
    if (question.length > maxQuery) return failed('query_too_long')
    if (config.webSearch === 'off') return failed('unavailable', switchedOff)
    const limited = withLimit(call)
    try {
      // One request may search many times, and each search spends credits.
      await spending.assertWithin(accountOf(call))
      for (const model of await candidates(call)) {
        const outcome = await tryModel(limited.call, model, asked)
        if (outcome !== null) return outcome
      }
      return failed('unavailable', noModel)
    } catch (thrown) {
      if (call.signal.aborted) throw toGatewayError(call.signal.reason)
      return explain(call, toGatewayError(thrown))
    } finally {
      limited.end()
    }
  }

  /** The client's call, with a time limit of its own. */
  function withLimit (call: Call): { readonly call: Call, readonly end: () => void } {
    const ending = new AbortController()
    const limitMs = Math.min(searchMs, config.upstreamIdleSeconds * 1_000)
    const stop = clock.setTimer(() => {
      ending.abort(new GatewayError('upstream_timeout', 'The search took too long.'))
    }, limitMs)
    return { call: { ...call, signal: AbortSignal.any([call.signal, ending.signal]) }, end: stop }
  }

  async function candidates (call: Call): Promise<readonly string[]> {
    const request = seatRequest(call, config)
    const list = await models.planned(request) ?? await models.list(request)
    return searchModels(allowedModels(request.account, list), config.webSearchModel)
  }

  /** Null if this model has no search. */
  async function tryModel (call: Call, model: string, question: Question): Promise<SearchOutcome | null> {
    let plan: Plan | null = null
    try {
      const asked = askedFor(call, model, question)
      plan = await planOf(asked, {})
      const answered = await ask(plan, { canAddHeaders: () => true, replan: better => planOf(asked, better) })
      return await read(answered, question, call)
    } catch (thrown) {
      if (thrown instanceof SearchRefused && plan !== null) learned.helped(plan.place, [searchRuleId])
      if (thrown instanceof SearchRefused || isOtherModel(toGatewayError(thrown))) return null
      if (plan !== null) count.failed(call, countedModelOf(plan))
      throw thrown
    }
  }

  function askedFor (call: Call, model: string, { question, settings }: Question): Asked {
    const body = dialect?.searchQuestion?.(model, question, settings) ?? {}
    if (dialect === undefined) throw new Error('no dialect can ask for a search')
    return { call, dialect, body, isVerbatim: false, length: question.length,
      facts: { ...dialect.inspect(body), stream: false, initiator: 'agent' } }
  }

  /** @throws {SearchRefused} if the model would get the question without its search */
  async function planOf (asked: Asked, better: Better): Promise<Plan> {
    const plan = await makePlan(asked, better)
    if (plan.searches !== 'natively') throw new SearchRefused()
    return { ...plan, call: { ...plan.call, intent: 'conversation-agent' } }
  }

  async function read (
    { plan, response }: Awaited<ReturnType<typeof ask>>,
    { settings, isDone }: Question,
    call: Call,
  ): Promise<SearchOutcome> {
    const { answer, usage } = plan.upstream.repairAnswer((await readAnswer(response)).answer, plan.answer)
    const model = plan.answer.model
    count.answered(call, countedModelOf(plan), usage, { isSearch: true })
    const found = readFindings(collectAnswer(plan.upstream.decodeAnswer(answer)).blocks)
    log.info({ event: 'web-search', user: accountOf(call).username,
      detail: `${model}: ${found?.searches.length ?? 0} searches, `
        + `${usage?.input ?? 0} tokens in, ${usage?.output ?? 0} out` }, 'searched the web')
    if (found === null || !isDone(found)) {
      return failed('unavailable', `The model ${model} answered without doing so.`)
    }
    const isAllowed = createDomainCheck(settings)
    return { error: null, model, usage,
      found: isAllowed === null
        ? found
        : { ...found, citations: screenCitations(found.citations, isAllowed),
          searches: found.searches.map(search => screenRecord(search, isAllowed)) } }
  }

  function explain (call: Call, error: GatewayError): SearchOutcome {
    log.warn({ reqId: call.id, user: accountOf(call).username, code: error.code, err: error.cause },
      'a search of the web failed')
    return error.status === 429
      ? failed('too_many_requests')
      : failed('unavailable', `The search failed: ${error.message.slice(0, 512)}`)
  }
}

function failed (error: SearchError, reason: string | null = null): SearchOutcome {
  return { found: null, error, reason }
}

function hasSearched ({ searches }: WebFindings): boolean {
  return searches.length > 0
}

/** Copilot does not serve this model here, or the caller's key may not use it. */
function isOtherModel (error: GatewayError): boolean {
  return isModelRefusal(error) || error.code === 'model_not_allowed' || error.code === 'model_not_found'
}
