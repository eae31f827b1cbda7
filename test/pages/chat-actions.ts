// What the tests of the chat page do on it.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visitAs, type Person, type Site, type Visit } from '../fixtures/browser.ts'

/** A PNG of one pixel. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

export interface SentRequest {
  readonly model: string
  readonly messages: readonly { readonly role: string, readonly content: string }[]
  readonly stream?: boolean
}

export function chatActions (browser: Browser, site: Site) {
  const { origin, emulator } = site
  return {
    async open (person?: Person, options: Parameters<typeof visitAs>[4] = {}, path = '/chat'): Promise<Visit> {
      const visited = await visitAs(browser, origin, person ?? await register(site), path, options)
      await models(visited.page)
      return visited
    },
    async tab ({ context }: Visit, address: string): Promise<Page> {
      const page = await context.newPage()
      await page.goto(address)
      await models(page)
      return page
    },
    async reload (page: Page) {
      await page.reload()
      await models(page)
    },
    async end (t: Test, visited: Visit) {
      t.same(visited.complaints, [], 'no violation, script error or foreign request')
      await visited.close()
    },
    async say (page: Page, text: string) {
      await page.fill('#message', text)
      await page.press('#message', 'Enter')
    },
    last: (page: Page) => page.locator('.turn').last(),
    async done (page: Page) {
      const answer = page.locator('.turn').last().locator('.answer')
      await answer.locator('.cost').waitFor()
      return answer.locator('.words').innerText()
    },
    /** The questions on the screen, once the page shows as many as expected. */
    async shows (t: Test, page: Page, questions: readonly string[], message = 'questions') {
      await page.waitForFunction(count => document.querySelectorAll('.turn .bubble').length === count, questions.length)
      t.same(await page.locator('.turn .bubble').allInnerTexts(), questions, message)
    },
    async choose (page: Page, title: string, action: string) {
      await page.locator('#history li', { hasText: title }).hover()
      await page.getByRole('button', { name: `More for ${title}` }).click()
      await page.getByRole('menuitem', { name: action, exact: true }).click()
    },
    titles: (page: Page) => page.locator('#history .name').allInnerTexts(),
    async import (page: Page, name: string, value: unknown) {
      await page.setInputFiles('#import-file', { name, mimeType: 'application/json',
        buffer: Buffer.isBuffer(value) ? value : Buffer.from(JSON.stringify(value)) })
      await page.locator('#import-dialog[open]').waitFor()
      const text = await page.locator('#import-dialog').innerText()
      await page.click('#import-close')
      return text
    },
    async exported (page: Page): Promise<string> {
      const downloading = page.waitForEvent('download')
      await page.click('#export')
      return (await downloading).path()
    },
    sent: (): SentRequest[] =>
      emulator.requests.filter(({ path }) => path === '/chat/completions').map(({ json }) => json as SentRequest),
    /** An answer that arrives word by word until the test lets the rest come. */
    slow (words: number, word = 'word') {
      emulator.chunkDelayMs = 30
      emulator.answers.push({ text: Array.from({ length: words }, (_, at) => `${word}${at} `) })
    },
    fast () {
      emulator.chunkDelayMs = 0
    },
  }
}

async function models (page: Page) {
  await page.locator('html[data-models]').waitFor({ state: 'attached' })
}
