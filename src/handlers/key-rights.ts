// What a key may do: it opens the API, within its list of models. Everything else takes the password or a session.
import type { Account } from '../auth/account.ts'
import { GatewayError } from '../errors.ts'
import type { KnownModels } from '../model-entry.ts'
import { resolveModel } from '../relay/resolve-model.ts'
import { defaultModelOf } from '../rules/model-names.ts'

/** @param id as Copilot names the model @throws {GatewayError} `model_not_allowed` (403) */
export function assertModelAllowed ({ entry }: Account, id: string): void {
  if (entry === null || entry.models === null || entry.models.includes(id)) return
  throw new GatewayError('model_not_allowed',
    `This key may not use the model "${id}". It may use: ${entry.models.join(', ')}.`, { param: 'model' })
}

/** By the account's own list: a key with changed limits signs in again, with another list. */
const restricted = new WeakMap<readonly string[], { readonly of: KnownModels, readonly is: KnownModels }>()

/** The models of the list that the account may use. */
export function allowedModels ({ entry }: Account, list: KnownModels): KnownModels {
  const allowed = entry?.models ?? null
  if (allowed === null) return list
  const known = restricted.get(allowed)
  if (known?.of === list) return known.is
  const models = list.models.filter(({ id }) => allowed.includes(id))
  const is = { models, byId: new Map(models.map(model => [model.id, model])) }
  restricted.set(allowed, { of: list, is })
  return is
}

/**
 * Whether the caller may use certain models alone. JSON with the field `model` twice names another model to this
 * gateway than it may to Copilot, so a body of such a caller never goes on as the bytes that arrived.
 */
export function hasModelList ({ entry }: Account): boolean {
  return entry !== null && entry.models !== null
}

/** The model of a request that names none: the default, or for a key that may not use it, one of the key's own. */
export function defaultModelFor (
  account: Account,
  list: KnownModels | null,
  aliases: ReadonlyMap<string, string>,
): string {
  const usual = defaultModelOf(list, aliases)
  const allowed = account.entry?.models ?? null
  if (allowed === null || allowed.includes(resolveModel(usual, list, aliases)?.id ?? usual)) return usual
  const own = list === null ? usual : defaultModelOf(allowedModels(account, list), new Map())
  return allowed.includes(own) ? own : allowed[0] ?? usual
}

/** @throws {GatewayError} `key_not_allowed` (403) */
export function assertNoKey ({ entry }: Account): void {
  if (entry?.kind === 'key') throw keyNotAllowed()
}

export function keyNotAllowed (): GatewayError {
  return new GatewayError('key_not_allowed', 'A key opens the API only. This route takes the password or a session.')
}
