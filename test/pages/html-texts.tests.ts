// The HTML files show their English texts before any script runs: they are those of the catalogue.
import t from 'tap'
import { launchBrowser, startNodeSite } from '../fixtures/browser.ts'

const path: string = '../../static/assets/texts/en.js'
const { english } = await import(path) as { english: Readonly<Record<string, unknown>> }

const site = await startNodeSite({ ADMIN_TOKEN: 'a-token-of-tests' })
const browser = await launchBrowser()
t.teardown(async () => {
  await browser.close()
  await site.close()
})

for (const page of ['/', '/chat', '/admin']) {
  t.test(`${page} has the texts of the catalogue`, async t => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const tab = await context.newPage()
    await tab.goto(site.origin + page)
    const found = await tab.locator('[data-text], [data-text-label], [data-text-placeholder], [data-text-title]')
      .evaluateAll(elements =>
        elements.flatMap(element => {
          let at = 0
          const text = [...element.childNodes].map(node => node instanceof Element ? `{${at++}}` : node.textContent)
            .join('').replace(/\s+/g, ' ').trim()
          return [['data-text', text], ['data-text-label', element.getAttribute('aria-label')], [
            'data-text-placeholder',
            element.getAttribute('placeholder'),
          ], ['data-text-title', element.getAttribute('title')]].flatMap(([marker = '', shown]) => {
            const name = element.getAttribute(marker ?? '')
            return name === null ? [] : [[name, shown ?? '']]
          })
        })
      )
    t.ok(found.length > 0)
    for (const [name = '', shown] of found) t.equal(english[name], shown, name)
    await context.close()
  })
}
