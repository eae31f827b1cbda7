import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testKeysOnPage } from '../pages/keys.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testKeysOnPage(t, browser, site, null)
