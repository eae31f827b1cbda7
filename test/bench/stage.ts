// Upstream, driver, gateway and the two yardsticks, ready to be measured in turn.
import { nextMessage } from '../fixtures/measure.ts'
import type { Done, Job } from './driver.ts'
import type { Mode } from './upstream.ts'
import { adminToken, startGateway, startScript, type Running } from './processes.ts'

export interface User {
  readonly username: string
  readonly password: string
}
export interface Stage {
  readonly upstream: Running
  readonly targets: { readonly gateway: Running, readonly A: Running, readonly B: Running }
  /** Another gateway, which counts the events of the fast path. Counting costs it a little. */
  readonly counted: Running | null
  readonly user: User
  readonly setMode: (mode: Mode) => Promise<void>
  readonly drive: (job: Job) => Promise<Done>
  readonly close: () => Promise<void>
}

/** @param isCounted whether there is a gateway that counts */
export async function openStage (isCounted = false): Promise<Stage> {
  const upstream = await startScript('upstream.ts')
  const driver = await startScript('driver.ts')
  const targets = {
    gateway: await startGateway(upstream.origin),
    A: await startScript('relay-a.ts', [upstream.origin]),
    B: await startScript('relay-b.ts', [upstream.origin]),
  }
  const counted = isCounted ? await startGateway(upstream.origin, { env: { ADMIN_TOKEN: adminToken } }) : null
  const user = { username: 'bench', password: 'acpc-Bench12345' }
  for (const gateway of [targets.gateway, counted]) if (gateway !== null) await register(gateway.origin, user)
  return {
    upstream,
    targets,
    counted,
    user,
    async setMode (mode) {
      await nextMessage(upstream.child, mode)
    },
    async drive (job) {
      return (await nextMessage<{ done: Done }>(driver.child, job)).done
    },
    async close () {
      const all = [upstream, driver, ...counted === null ? [] : [counted], ...Object.values(targets)]
      await Promise.all(all.map(({ stop }) => stop()))
    },
  }
}

export async function register (origin: string, user: User): Promise<void> {
  const response = await fetch(origin, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...user, token: `ghu_Bench${user.username.replaceAll('-', '')}${'q'.repeat(30)}` }) })
  if (response.status !== 201) throw new Error(`not registered: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}
