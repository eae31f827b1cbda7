// The entry that tests run under workerd: the Worker itself, behind a clock that the test moves and a KV namespace that
// the test watches. A binding to the test's own process controls it; HTTP reaches none of the controls.
import { createWorker } from '../../src/workers/app.ts'
import type { Context, Env } from '../../src/workers/env.ts'
import { systemClock } from '../../src/system-clock.ts'
import { watchedKv } from './watched-kv.ts'
import { UserState as StateObject } from '../../src/workers/user-state-object.ts'
import { imitateLimits } from './limits.ts'
import type { Control, WorkerState } from './control.ts'

export interface TestEnv extends Env {
  readonly CONTROL: { fetch(url: string, init?: RequestInit): Promise<Response> }
}

let state: WorkerState = { offsetMs: 0, limits: false, readGapMs: null, staleMs: 0, writesLeft: 1_000 }
const clock = {
  ...systemClock,
  now: () => systemClock.now() + state.offsetMs,
  monotonic: () => systemClock.monotonic() + state.offsetMs,
}
const app = createWorker({ clock })

/** Objects run in the isolate of the Worker, so they see the same state. */
export class UserState extends StateObject {
  protected override now (): number {
    return clock.now()
  }
}

export default {
  async fetch (request: Request, env: TestEnv, context: Context): Promise<Response> {
    const control: Control = async (path, body) =>
      (await env.CONTROL.fetch(`http://control/${path}`, { method: 'POST', body: JSON.stringify(body) })).json()
    state = await control('state', null) as WorkerState
    if (state.limits) imitateLimits(() => state)
    const namespace = env.TOKEN_KV === undefined ? undefined : watchedKv(env.TOKEN_KV, env.CONTROL, clock, () => state)
    return app.fetch(request, { ...env, ...namespace !== undefined && { TOKEN_KV: namespace } }, context)
  },
}
