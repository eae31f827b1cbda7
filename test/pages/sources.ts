// Lets a page import the sources of the pages' modules. The built pages, which the tests open, have bundles only.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright-core'

const root = fileURLToPath(new URL('../../static', import.meta.url))

/** For as long as the page is open. The modules are not those that the page itself runs. */
export async function offerSources (page: Page): Promise<void> {
  await page.route(/\/(?:assets\/(?!built\/)|vendor\/)[\w/.-]+\.js$/,
    route =>
      route.fulfill({ contentType: 'text/javascript',
        body: readFileSync(root + new URL(route.request().url()).pathname) }))
}
