// A site for the pages' tests, served by the Worker and its asset layer.
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { Site } from '../fixtures/browser.ts'
import { startWorkerd } from '../fixtures/workerd.ts'

export async function startWorkerSite (settings: Readonly<Record<string, string>> = {}): Promise<Site> {
  const emulator = await startEmulator({ deviceInterval: 0.2, pendingPolls: 1 })
  const { origin, close } = await startWorkerd({
    settings: { ...emulator.env, LOG_LEVEL: 'silent', REGISTRATIONS_PER_10_MINUTES: '0',
      DEVICE_STARTS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0', USER_REQUESTS_PER_MINUTE: '0', ...settings },
  })
  return {
    origin,
    emulator,
    async close () {
      await close()
      await emulator.close()
    },
  }
}
