// Decides where a generating request goes: the model that the client means, and the endpoint that Copilot serves it on.
import type { Core } from '../core.ts'
import type { Dialect, Target } from '../dialects/contract/dialect.ts'
import { autoId } from '../auto-model.ts'
import type { JsonObject } from '../json.ts'
import { limitOf } from '../model-entry.ts'
import { chooseUpstream } from '../relay/choose-upstream.ts'
import type { Place } from '../relay/learned-rules.ts'
import { modelNotFound, resolveModel, type ResolvedModel } from '../relay/resolve-model.ts'
import { toTarget } from '../relay/target.ts'
import { isOpenAi, searchesItself } from '../rules/model-facts.ts'
import { searchRuleId } from '../rules/responses-tools.ts'
import { defaultModel } from '../rules/model-names.ts'
import type { LearnedKey } from '../rules/rule.ts'
import type { AutoSession } from '../upstream/auto-session.ts'
import type { ModelList, ModelRequest } from '../upstream/models.ts'
import { accountOf, seatRequest } from './api-body.ts'
import { createAutoChoice } from './choose-auto.ts'
import { assertModelAllowed, defaultModelFor } from './key-rights.ts'
import type { Asked } from './read-request.ts'

export interface Destination {
  /** The model as the client names it; for `auto` the model that Copilot chose. */
  readonly requested: string
  readonly request: ModelRequest
  /** The list that contains the model. Null if the endpoint was guessed from the model's id. */
  readonly list: ModelList | null
  readonly target: Target
  readonly upstream: Dialect
  /** True if upstream gets the body in the client's dialect, without decoding. */
  readonly isPassed: boolean
  /** Rules that earlier refusals turned on, and for which endpoint. */
  readonly learned: ReadonlySet<LearnedKey>
  readonly place: Place
  /** The session of Auto that the call needs. */
  readonly session:
    | AutoSession
    | null
  /** Where a web tool of the request runs: the model has its own, or the gateway does it. Null without such a tool. */
  readonly searches:
    | 'natively'
    | 'here'
    | null
  /** Copilot chooses the model of this call by itself: the body names none. */
  readonly isUnnamed: boolean
}

/** The changes to the next plan after a refusal. */
export interface Better {
  readonly list?: ModelList
  readonly learned?: ReadonlySet<LearnedKey>
}

interface Found {
  readonly requested: string
  readonly model: ResolvedModel
  readonly list: ModelList | null
}

/** Without a promise if the list is known and Copilot has nothing to choose: that saves each request two turns. */
export type ChooseDestination = (asked: Asked, better: Better, conversation: string) =>
  | Destination
  | Promise<Destination>

/** @throws {GatewayError} `model_not_found`, `model_not_allowed`, `invalid_request` */
export function createDestinations (core: Core): ChooseDestination {
  const { config, models, dialects, learned } = core
  const chooseAuto = createAutoChoice(core)
  return (asked, better, conversation) => {
    const request = seatRequest(asked.call, config)
    const found = find(asked.facts.model, request, better.list)
    return found instanceof Promise
      ? found.then(later => choose(later, asked, request, better, conversation))
      : choose(found, asked, request, better, conversation)
  }

  function choose (found: Found, asked: Asked, request: ModelRequest, better: Better, conversation: string) {
    assertModelAllowed(request.account, found.model.id)
    return found.model.id === autoId
      ? chooseAuto(found, asked, request, conversation).then(({ model, session }) =>
        toDestination({ ...found, requested: model.id, model }, asked, request, better, session, session === null)
      )
      : toDestination(found, asked, request, better, null, false)
  }

  function toDestination (
    { requested, model, list }: Found,
    { call, dialect, body, facts, searched }: Asked,
    request: ModelRequest,
    better: Better,
    session: AutoSession | null,
    isUnnamed: boolean,
  ): Destination {
    const seeksNatively = facts.webTools === 'search' && config.webSearch === 'seat'
    const upstream = chooseUpstream(dialect, model, dialects, facts.hasFile, seeksNatively)
    const place = { seat: accountOf(call).seatId, accountType: request.accountType, model: model.id,
      endpoint: upstream.path }
    const target = toTarget(model, (facts.stream || isTooLongUnstreamed(body, model)) && model.streams)
    const known = better.learned ?? learned.known(place)
    const isNative = seeksNatively && searched === undefined && searchesOn(upstream, target, known)
    const searches = facts.webTools === undefined ? null : isNative ? 'natively' : 'here'
    return {
      requested,
      request,
      list,
      target,
      upstream,
      isPassed: upstream === dialect && facts.mustTranslate !== true && searches !== 'here'
        && !(facts.usesFunctions === true && !isOpenAi(target)),
      searches,
      learned: known,
      place,
      session,
      isUnnamed,
    }
  }

  /** @param given null in a request that names no model */
  function find (given: string | null, request: ModelRequest, fresh: ModelList | undefined): Found | Promise<Found> {
    const known = fresh ?? models.planned(request)
    return known instanceof Promise
      ? known.then(list => findIn(given, request, list) ?? lookUp(given, request))
      : findIn(given, request, known) ?? lookUp(given, request)
  }

  /** The known list may be old. Before the gateway refuses a model, it requests a new list. */
  async function lookUp (given: string | null, request: ModelRequest): Promise<Found> {
    const list = await models.list(request, 60_000)
    const found = findIn(given, request, list)
    if (found === null) throw modelNotFound(given ?? defaultModel, list)
    return found
  }

  function findIn (given: string | null, { account }: ModelRequest, list: ModelList | null): Found | null {
    const requested = given ?? defaultModelFor(account, list, config.modelAliases)
    const model = resolveModel(requested, list, config.modelAliases)
    return model === null ? null : { requested, model, list }
  }
}

/** Whether the model searches by itself there, as far as the gateway knows. */
function searchesOn ({ path }: Dialect, target: Target, learned: ReadonlySet<LearnedKey>): boolean {
  return path === '/responses' && searchesItself(target) && !learned.has(searchRuleId)
}

/**
 * Claude models limit answers that are not streamed. For a longer answer the gateway streams from upstream and collects
 * the parts.
 */
function isTooLongUnstreamed (body: JsonObject, { entry }: ResolvedModel): boolean {
  const limit = entry === null ? null : limitOf(entry, 'max_non_streaming_output_tokens')
  const wanted = body['max_completion_tokens'] ?? body['max_output_tokens'] ?? body['max_tokens']
  return limit !== null && typeof wanted === 'number' && wanted > limit
}
