// The pages in a real browser, served by the Worker and its asset layer.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { launchBrowser } from '../fixtures/browser.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { testChatPage } from '../pages/chat.ts'
import { testSetupPage } from '../pages/setup.ts'

const emulator = await startEmulator({ deviceInterval: 0.2, pendingPolls: 1 })
const workerd = await startWorkerd({
  settings: { ...emulator.env, LOG_LEVEL: 'silent', REGISTRATIONS_PER_10_MINUTES: '0', DEVICE_STARTS_PER_10_MINUTES: '0', AUTH_FAILURES_PER_MINUTE: '0', USER_REQUESTS_PER_MINUTE: '0' },
})
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await workerd.close()
  await emulator.close()
})
const site = { origin: workerd.origin, emulator, close: async () => {} }
await testSetupPage(t, browser, site)
await testChatPage(t, browser, site)
