import t from 'tap'
import { launchBrowser } from '../fixtures/browser.ts'
import { testChatContent } from '../pages/chat-content.ts'
import { testChatFiles } from '../pages/chat-files.ts'
import { testChatTools } from '../pages/chat-tools.ts'
import { createChatWorld } from '../pages/chat-world.ts'
import { startWorkerSite } from './site.ts'

const site = await startWorkerSite()
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})
const world = createChatWorld(browser, site)
await testChatContent(t, world)
await testChatFiles(t, world)
await testChatTools(t, world)
