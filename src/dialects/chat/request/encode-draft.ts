// A Chat message before the request has its form.
import type { ChatMessage } from '../wire.ts'

/** A message, and whether it ends a cached part of the prompt. */
export interface Draft {
  readonly message: ChatMessage
  readonly cache: boolean
}
