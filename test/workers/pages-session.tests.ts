import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testSessionOfPages } from '../pages/session.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testSessionOfPages(t, browser, site, null)
