// The model of a request for `auto`: Copilot chooses it, in the session of the conversation. docs/spec/copilot.md#auto
import { autoId, isAutoOnly } from '../auto-model.ts'
import type { Core } from '../core.ts'
import { asksForSummary } from '../dialects/shared/compaction.ts'
import { lastUserText } from '../dialects/shared/last-user-text.ts'
import { GatewayError } from '../errors.ts'
import type { ResolvedModel } from '../relay/resolve-model.ts'
import { takesStreams } from '../rules/model-facts.ts'
import type { AutoAsk } from '../upstream/auto.ts'
import type { AutoSession } from '../upstream/auto-session.ts'
import type { ModelList, ModelRequest } from '../upstream/models.ts'
import type { Asked } from './read-request.ts'

export interface Chosen {
  readonly model: ResolvedModel
  /** Null where Copilot chooses without a session: the body then names no model. */
  readonly session: AutoSession | null
}

export interface AutoFound {
  readonly model: ResolvedModel
  readonly list: ModelList | null
}

export type ChooseAuto = (
  found: AutoFound,
  asked: Asked,
  request: ModelRequest,
  conversation: string,
) => Promise<Chosen>

/** @throws {GatewayError} `model_not_found` if the seat has no Auto */
export function createAutoChoice ({ auto }: Pick<Core, 'auto'>): ChooseAuto {
  return async ({ model, list }, asked, request, conversation) => {
    const known = auto.session(request, toAsk(asked, conversation))
    const session = known instanceof Promise ? await known : known
    if (session !== null) return { model: toResolved(session, list), session }
    if (list === null || !isAutoOnly(list)) {
      throw new GatewayError('model_not_found', `Copilot offers no \`${autoId}\` to this seat. Name a model.`, {
        param: 'model',
      })
    }
    return { model: onlyOnChat(model), session: null }
  }
}

function toAsk ({ body, dialect, facts, enterGate }: Asked, conversation: string): AutoAsk {
  const prompt = lastUserText(body)
  return {
    conversation,
    prompt,
    hasImage: facts.vision,
    isCompaction: dialect.compactions?.isRequested(body) === true || asksForSummary(prompt),
    ...(enterGate === undefined ? {} : { beforeOpening: enterGate }),
  }
}

/** The list's own entry counts first: the session's lacks some fields. */
function toResolved ({ model }: AutoSession, list: ModelList | null): ResolvedModel {
  const entry = list?.byId.get(model.id) ?? model
  return { id: model.id, entry, streams: takesStreams({ id: model.id, entry }) }
}

/** Without a session, Copilot chooses a model only on the Chat endpoint. */
function onlyOnChat (model: ResolvedModel): ResolvedModel {
  return model.entry === null
    ? model
    : { ...model, entry: { ...model.entry, supported_endpoints: ['/chat/completions'] } }
}
