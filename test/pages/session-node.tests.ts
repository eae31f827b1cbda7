import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testSessionOfPages } from './session.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testSessionOfPages(t, browser, site, process.env['SHOTS'] ?? null)
