// Runs every case of a folder on one runtime. A cold case gets a gateway that has served no request yet.
import type { Test } from 'tap'
import { readCases, type Case } from './case.ts'
import { startCopilot, type Copilot } from './copilot.ts'
import { startGateway, type Gateway, type Runtime } from './gateway.ts'
import { runCase } from './run-case.ts'

export interface World {
  readonly run: (given: Case) => Promise<string[]>
  readonly close: () => Promise<void>
}

export async function startWorld (runtime: Runtime): Promise<World> {
  const copilot = await startCopilot()
  const shared = await startGateway(runtime, copilot)
  return {
    run: given => given.cold === true ? runCold(given, copilot, runtime) : runCase(given, copilot, shared),
    async close () {
      await shared.close()
      await copilot.close()
    },
  }
}

async function runCold (given: Case, copilot: Copilot, runtime: Runtime): Promise<string[]> {
  const own: Gateway = await startGateway(runtime, copilot)
  try {
    return await runCase(given, copilot, own)
  } finally {
    await own.close()
  }
}

/** `known`: names of cases that fail today. If one of them holds, the list is wrong. */
export async function testCases (t: Test, runtime: Runtime, folder: string, known: ReadonlySet<string>): Promise<void> {
  const cases = readCases(folder)
  const world = await startWorld(runtime)
  t.teardown(world.close)
  t.setTimeout(300_000)
  for (const given of cases) {
    await t.test(`${given.name}: ${given.why}`, async t => {
      const reasons = await world.run(given)
      if (known.has(given.name)) t.not(reasons.length, 0, `${given.name} holds: remove it from known-failures.ts`)
      else t.strictSame(reasons, [])
    })
  }
  await t.test('the list of known failures names existing cases', async t => {
    t.strictSame([...known].filter(name => !cases.some(given => given.name === name)), [])
  })
}
