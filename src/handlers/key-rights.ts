// What a key may do: it opens the API, within its list of models. Everything else takes the password or a session.
import type { Account } from '../auth/account.ts'
import { GatewayError } from '../errors.ts'
import type { KnownModels } from '../model-entry.ts'

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

/** @throws {GatewayError} `key_not_allowed` (403) */
export function assertNoKey ({ entry }: Account): void {
  if (entry?.kind === 'key') throw keyNotAllowed()
}

export function keyNotAllowed (): GatewayError {
  return new GatewayError('key_not_allowed', 'A key opens the API only. This route takes the password.')
}
