// The platform's own module. `@cloudflare/workers-types` would declare the types of the whole platform again.
declare module 'cloudflare:workers' {
  import type { DurableObjectState } from '@cloudflare/workers-types'

  export abstract class DurableObject<Env = unknown> {
    protected readonly ctx: DurableObjectState
    protected readonly env: Env
    constructor (ctx: DurableObjectState, env: Env)
  }
}
