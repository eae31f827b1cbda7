import type { ExecutionContext, RateLimit } from '@cloudflare/workers-types'
import type { KvNamespace } from '../store/cloudflare-kv-binding.ts'
import type { Assets } from './assets.ts'

/** Bindings and settings. Every binding may be missing: the gateway then says so, or goes without. */
export interface Env {
  readonly TOKEN_KV?: KvNamespace
  readonly ASSETS?: Assets
  /** Account and device routes by client address, beside the limits of the isolate, which others do not see. */
  readonly ACCOUNT_LIMIT?: Pick<RateLimit, 'limit'>
  readonly [name: string]: unknown
}
export type Context = Pick<ExecutionContext, 'waitUntil'>
