// GET /v1/models and /v1/models/:id: Copilot's own fields, together with those that OpenAI's and Anthropic's clients
// read, Codex's own list where Codex asks, and a form of its own for Google's.
import { isAutoOnly, withAuto } from '../auto-model.ts'
import type { Account } from '../auth/account.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { modelNotFound, resolveModel } from '../relay/resolve-model.ts'
import { isFree } from '../upstream/free.ts'
import { limitOf, supports, type KnownModels, type Model } from '../model-entry.ts'
import { accountOf, seatRequest } from './api-body.ts'
import { codexModels } from './codex-models.ts'
import { allowedModels } from './key-rights.ts'
import { json, jsonText } from './reply.ts'

/** Upstream sends no dates, and clients want one that does not change. */
const created = 1_735_689_600
const createdAt = new Date(created * 1_000).toISOString()

/** How a list of models and an entry of it look to a client. */
export interface ModelsForm {
  /** An empty list, as JSON. */
  readonly none: (query: URLSearchParams) => string
  readonly list: (list: KnownModels, query: URLSearchParams) => string
  readonly one: (model: Model) => object
}

const ownForm = (): ModelsForm => {
  /** A list is serialised once, because clients request it at every start. */
  const texts = new WeakMap<KnownModels, string>()
  return {
    none: query => JSON.stringify({ data: [], object: 'list', ...(query.has('client_version') ? { models: [] } : {}) }),
    one: toEntry,
    list (list, query) {
      const text = texts.get(list) ?? textOf(list)
      texts.set(list, text)
      const codex = query.get('client_version')
      return codex === null ? text : withModels(text, codexModels(list, codex))
    },
  }
}

/** The models of the seat, with `auto` where it has that. Null without a Copilot token, whatever the reason. */
export function createSeatList ({ config, models, tokens, auto }: Core): (call: Call) => Promise<KnownModels | null> {
  const getsToken = (account: Account, defer: Call['defer']) =>
    tokens.get(account, defer).then(() => true, (thrown: unknown) => {
      if (thrown instanceof GatewayError) return false
      throw thrown
    })
  return async call => {
    const request = seatRequest(call, config)
    if (tokens.warm(request.account) === null && !await getsToken(request.account, call.defer)) return null
    const own = await models.list(request)
    return allowedModels(request.account, auto.isAbsent(request) && !isAutoOnly(own) ? own : withAuto(own))
  }
}

export function listModels (core: Core, form: ModelsForm = ownForm()): Handler {
  const listOf = createSeatList(core)
  return async call => {
    const list = await listOf(call)
    return jsonText(200, list === null ? form.none(call.query) : form.list(list, call.query))
  }
}

/** @param text a list as JSON */
function withModels (text: string, models: readonly object[]): string {
  return `${text.slice(0, -1)},"models":${JSON.stringify(models)}}`
}

function textOf (list: KnownModels): string {
  const entries = list.models.map(toEntry)
  const data = [...entries.filter(entry => entry.free), ...entries.filter(entry => !entry.free)]
  return JSON.stringify({ object: 'list', data, has_more: false, first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null })
}

export function oneModel ({ config, models }: Core, form: Pick<ModelsForm, 'one'> = { one: toEntry }): Handler {
  return async call => {
    const id = call.params['id'] ?? ''
    const list = allowedModels(accountOf(call), await models.list(seatRequest(call, config)))
    const entry = resolveModel(id, list, config.modelAliases)?.entry ?? null
    if (entry === null) throw modelNotFound(id, list)
    return json(200, form.one(entry))
  }
}

export function toEntry (model: Model) {
  const { name, vendor } = model
  const context = limitOf(model, 'max_context_window_tokens')
  const input = limitOf(model, 'max_prompt_tokens')
  const output = limitOf(model, 'max_output_tokens')
  return {
    ...model,
    object: 'model',
    created,
    owned_by: typeof vendor === 'string' && vendor !== ''
      ? vendor.toLowerCase().replaceAll(' ', '-')
      : 'github-copilot',
    type: 'model',
    display_name: typeof name === 'string' && name !== '' ? name : model.id,
    created_at: createdAt,
    free: isFree(model),
    ...(context === null ? {} : { context_length: context, context_window: context }),
    ...(input === null ? {} : { max_input_tokens: input }),
    ...(output === null ? {} : { max_output_tokens: output, max_tokens: output, max_completion_tokens: output }),
    ...(model.capabilities.type === 'chat' ? modalitiesOf(model) : {}),
  }
}

/** Clients look for them in the shapes of OpenRouter and of Models.dev. */
function modalitiesOf (model: Model) {
  const input = supports(model, 'vision') ? ['text', 'image'] : ['text']
  const output = ['text']
  return { modalities: { input, output }, architecture: { input_modalities: input, output_modalities: output } }
}
