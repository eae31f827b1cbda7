import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testConversations } from './chat-topics.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
await testConversations(t, browser, site)
