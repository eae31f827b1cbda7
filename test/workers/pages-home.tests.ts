import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testHome } from '../pages/home.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testHome(t, browser, site)
