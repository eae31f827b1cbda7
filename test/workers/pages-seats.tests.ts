import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testSeatsOnPage } from '../pages/seats.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testSeatsOnPage(t, browser, site, null)
