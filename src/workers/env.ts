import type { ExecutionContext, RateLimit } from '@cloudflare/workers-types'
import type { KvNamespace } from '../store/cloudflare-kv-binding.ts'
import type { StateNamespace } from '../store/state-object.ts'
import type { Assets } from './assets.ts'

/** Bindings and settings. Every binding may be missing: the gateway then reports it, or works without it. */
export interface Env {
  readonly TOKEN_KV?: KvNamespace
  /** A Durable Object for each user: `user-state-object.ts`. */
  readonly STATE?: StateNamespace
  readonly ASSETS?: Assets
  /**
   * Limits account and device routes by client address, for all isolates together. Each isolate also has its own
   * limits.
   */
  readonly ACCOUNT_LIMIT?: Pick<RateLimit, 'limit'>
  readonly [name: string]: unknown
}
export type Context = Pick<ExecutionContext, 'waitUntil'>
