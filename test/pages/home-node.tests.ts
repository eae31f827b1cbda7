import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testHome } from './home.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testHome(t, browser, site)
