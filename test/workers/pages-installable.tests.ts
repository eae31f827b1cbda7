import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testInstallable } from '../pages/installable.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testInstallable(t, browser, site)
