// A Chat message before the request has its form.
import type { JsonObject } from '../../../json.ts'

/** A message, and whether it ends a cached part of the prompt. */
export interface Draft {
  readonly message: JsonObject
  readonly cache: boolean
}
