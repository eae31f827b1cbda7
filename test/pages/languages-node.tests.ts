import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { adminToken, testLanguages } from './languages.ts'

const site = await startNodeSite({ ADMIN_TOKEN: adminToken })
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testLanguages(t, browser, site, process.env['SHOTS'] ?? null)
