import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { adminSettings, testAdminPage } from '../pages/admin.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite(adminSettings)
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testAdminPage(t, browser, site, null)
