import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testTroubles } from './troubles.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testTroubles(t, browser, site, startNodeSite)
