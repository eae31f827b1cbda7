import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { adminToken, testLanguages } from '../pages/languages.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite({ ADMIN_TOKEN: adminToken })
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testLanguages(t, browser, site, null)
