// Where a generating request goes: the model that the client means, and the endpoint that Copilot serves it on.
import type { Core } from '../core.ts'
import type { Dialect, Target } from '../dialects/contract/dialect.ts'
import type { JsonObject } from '../json.ts'
import { limitOf } from '../model-entry.ts'
import { chooseUpstream } from '../relay/choose-upstream.ts'
import type { Place } from '../relay/learned-rules.ts'
import { modelNotFound, resolveModel, type ResolvedModel } from '../relay/resolve-model.ts'
import { toTarget } from '../relay/target.ts'
import { defaultModel } from '../rules/model-names.ts'
import type { LearnedKey } from '../rules/rule.ts'
import type { ModelList, ModelRequest } from '../upstream/models.ts'
import { accountOf, seatRequest } from './api-body.ts'
import type { Asked } from './read-request.ts'

export interface Destination {
  /** The model as the client names it. */
  readonly requested: string
  readonly request: ModelRequest
  /** The list that the model is from; null where its endpoint is a guess by its id. */
  readonly list: ModelList | null
  readonly target: Target
  readonly upstream: Dialect
  /** Whether upstream gets the body in the dialect that it came in, never decoded. */
  readonly isPassed: boolean
  /** Rules that refusals turned on, and where. */
  readonly learned: ReadonlySet<LearnedKey>
  readonly place: Place
}

/** What a request is planned with after a refusal. */
export interface Better {
  readonly list?: ModelList
  readonly learned?: ReadonlySet<LearnedKey>
}

interface Found {
  readonly model: ResolvedModel
  readonly list: ModelList | null
}

/** @throws {GatewayError} `model_not_found`, `invalid_request` */
export function createDestinations (
  { config, models, dialects, learned }: Core,
): (asked: Asked, better: Better) => Promise<Destination> {
  return async ({ call, dialect, body, facts }, better) => {
    const request = seatRequest(call, config)
    const requested = facts.model ?? defaultModel
    const { model, list } = await find(requested, request, better.list)
    const upstream = chooseUpstream(dialect, model, dialects, facts.hasFile)
    const place = { seat: accountOf(call).seat, accountType: request.accountType, model: model.id,
      endpoint: upstream.path }
    return {
      requested,
      request,
      list,
      target: toTarget(model, (facts.stream || isTooLongUnstreamed(body, model)) && model.streams),
      upstream,
      isPassed: upstream === dialect && facts.mustTranslate !== true,
      learned: better.learned ?? learned.known(place),
      place,
    }
  }

  async function find (requested: string, request: ModelRequest, fresh: ModelList | undefined): Promise<Found> {
    const known = fresh ?? models.planned(request)
    return findIn(requested, known instanceof Promise ? await known : known) ?? await lookUp(requested, request)
  }

  /** What is known may be an old list: before the gateway says no, it asks for a new one. */
  async function lookUp (requested: string, request: ModelRequest): Promise<Found> {
    const list = await models.list(request, 60_000)
    const found = findIn(requested, list)
    if (found === null) throw modelNotFound(requested, list)
    return found
  }

  function findIn (requested: string, list: ModelList | null): Found | null {
    const model = resolveModel(requested, list, config.modelAliases)
    return model === null ? null : { model, list }
  }
}

/** Claude limits answers that are not streamed. A longer one is streamed from upstream and put together here. */
function isTooLongUnstreamed (body: JsonObject, { entry }: ResolvedModel): boolean {
  const limit = entry === null ? null : limitOf(entry, 'max_non_streaming_output_tokens')
  const wanted = body['max_completion_tokens'] ?? body['max_output_tokens'] ?? body['max_tokens']
  return limit !== null && typeof wanted === 'number' && wanted > limit
}
