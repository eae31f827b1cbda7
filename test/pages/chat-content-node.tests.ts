import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'
import { testChatContent } from './chat-content.ts'
import { testChatFiles } from './chat-files.ts'
import { testChatTools } from './chat-tools.ts'
import { createChatWorld } from './chat-world.ts'

const site = await startNodeSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
const world = createChatWorld(browser, site)
await testChatContent(t, world)
await testChatFiles(t, world)
await testChatTools(t, world)
