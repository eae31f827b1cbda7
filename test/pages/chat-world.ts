// What the tests of the chat page share: opening it, sending, waiting for an answer, and what reached the emulator.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visitAs, type Person, type Site, type Visit } from '../fixtures/browser.ts'

export type ChatWorld = ReturnType<typeof createChatWorld>

export function createChatWorld (browser: Browser, site: Site) {
  return {
    site,
    async open (person?: Person, options: Parameters<typeof visitAs>[4] = {}): Promise<Visit> {
      const visited = await visitAs(browser, site.origin, person ?? await register(site), '/chat', options)
      await visited.page.locator('html[data-models]').waitFor({ state: 'attached' })
      return visited
    },
    async end (t: Test, visited: Visit): Promise<void> {
      t.same(visited.complaints, [], 'no violation, script error or foreign request')
      await visited.close()
    },
    /** Sends a message and waits for the answer. */
    async ask (page: Page, text: string, answer?: string): Promise<void> {
      const turns = await page.locator('.turn').count()
      if (answer !== undefined) site.emulator.answers.push({ text: answer.match(/[^]{1,9}/g) ?? [] })
      await page.fill('#message', text)
      await page.press('#message', 'Enter')
      await page.locator('.turn').nth(turns).locator('.cost').waitFor()
    },
    words: (page: Page) => page.locator('.turn').last().locator('.words'),
    /** The body of the last request to a model. */
    sent: () =>
      site.emulator.requests.findLast(({ path }) => /completions|responses|messages/.test(path))?.json as {
        model: string,
        messages: { role: string, content: unknown }[],
      } & Record<string, unknown>,
  }
}
