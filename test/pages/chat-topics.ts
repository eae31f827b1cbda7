// The tests of the chat's conversations, by topic, on either runtime.
import type { Browser } from 'playwright-core'
import type { Test } from 'tap'
import type { Site } from '../fixtures/browser.ts'
import { testAddresses } from './chat-address.ts'
import { testHistory } from './chat-history.ts'
import { testImport } from './chat-import.ts'
import { testLongConversation } from './chat-long.ts'

export async function testConversations (t: Test, browser: Browser, site: Site): Promise<void> {
  await t.test('addresses and drafts', t => testAddresses(t, browser, site))
  await t.test('versions and history', t => testHistory(t, browser, site))
  await t.test('import', t => testImport(t, browser, site))
  await t.test('long conversations', t => testLongConversation(t, browser, site))
}
