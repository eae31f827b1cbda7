import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testUsageOnPage } from './usage.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testUsageOnPage(t, browser, site, process.env['SHOTS'] ?? null)
