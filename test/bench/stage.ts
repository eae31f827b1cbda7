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
  readonly user: User
  readonly setMode: (mode: Mode) => Promise<void>
  readonly drive: (job: Job) => Promise<Done>
  readonly close: () => Promise<void>
}

/** @param isCounted whether the gateway counts events for `/metrics`, which costs it a little */
export async function openStage (isCounted = false): Promise<Stage> {
  const upstream = await startScript('upstream.ts')
  const driver = await startScript('driver.ts')
  const targets = {
    gateway: await startGateway(upstream.origin, { env: isCounted ? { ADMIN_TOKEN: adminToken } : {} }),
    A: await startScript('relay-a.ts', [upstream.origin]),
    B: await startScript('relay-b.ts', [upstream.origin]),
  }
  const user = { username: 'bench', password: 'acpc-Bench12345' }
  await register(targets.gateway.origin, user)
  return {
    upstream,
    targets,
    user,
    async setMode (mode) {
      await nextMessage(upstream.child, mode)
    },
    async drive (job) {
      return (await nextMessage<{ done: Done }>(driver.child, job)).done
    },
    async close () {
      await Promise.all([upstream, driver, ...Object.values(targets)].map(({ stop }) => stop()))
    },
  }
}

export async function register (origin: string, user: User): Promise<void> {
  const response = await fetch(origin, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...user, token: `ghu_Bench${user.username.replaceAll('-', '')}${'q'.repeat(30)}` }) })
  if (response.status !== 201) throw new Error(`not registered: ${response.status} ${await response.text()}`)
  await response.arrayBuffer()
}
