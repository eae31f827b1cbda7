// What goes wrong around the setup page, in a browser on either runtime: each failure names who failed; closed
// registration is explained; a demo says that it is one; and a stranger's console stays empty.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visit, visitAs, type Site, type Visit } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

/** Sites with other settings. The caller closes them. */
export type StartSite = (settings: Readonly<Record<string, string>>) => Promise<Site>

export async function testTroubles (t: Test, browser: Browser, site: Site, start: StartSite): Promise<void> {
  const { origin, emulator } = site
  const end = async (t: Test, visited: Visit) => {
    t.same(visited.complaints, [], 'no violation, script error or foreign request')
    await visited.close()
  }
  const open = async (page: Page, tab: string) => {
    await page.goto('about:blank')
    await page.goto(`${origin}/#${tab}`)
    await page.locator('html[data-ready]').waitFor({ state: 'attached' })
  }

  await t.test('each failure names who failed, and says what to do; a tab that failed loads again', async t => {
    const visited = await visitAs(browser, origin, await register(site))
    const { page } = visited
    const failure = page.locator('main .banner.bad:visible')
    const says = async (wanted: RegExp) => {
      await failure.first().waitFor()
      t.match((await failure.first().innerText()).trim(), wanted)
    }
    emulator.fault({ path: '/copilot_internal/user' }, { kind: 'status', status: 503, body: 'down' }, 9)
    await open(page, 'usage')
    await says(/^GitHub failed with status 503\. Try again in 5 seconds\.$/)
    emulator.clearFaults()
    await page.click('#tab-keys')
    await page.click('#tab-usage')
    await page.locator('.bucket').first().waitFor()

    await page.route('**/v1/models', route =>
      route.fulfill({ status: 502, json: {
        error: { message: 'Copilot failed with status 500.', type: 'x', param: null, code: 'upstream_error' },
      } }))
    await open(page, 'connect')
    await page.locator('#tool-problem', {
      hasText: /^Models could not be loaded\. Copilot failed with status 500\. Try/,
    }).waitFor()
    await page.click('#tab-models')
    await says(/^Models could not be loaded\. Copilot failed .*githubstatus\.com/)
    await page.unroute('**/v1/models')
    await page.click('#tab-connect')
    await page.locator('#tool-problem:empty').waitFor({ state: 'attached' })

    await page.route('**/v1/keys', route =>
      route.fulfill({ status: 503, headers: { 'retry-after': '5' }, json: {
        error: { message: 'The store cannot be reached.', type: 'x', param: null, code: 'store_unavailable' },
      } }))
    await page.route('**/v1/seats', route => route.fulfill({ status: 502, contentType: 'text/html', body: '<h1>Bad' }))
    await open(page, 'keys')
    await says(/^This server: The store cannot be reached\. Try again in 5 seconds\.$/)
    await page.unroute('**/v1/keys')
    await page.click('#tab-seats')
    await says(/^Between the browser and this server: .*Reload the page\.$/)
    await page.route('**/v1/devices', route => route.abort())
    await page.click('#tab-account')
    await says(/^Browser or network: The proxy does not answer\. Is it running, and are you online\?$/)
    await page.route('**/session/device-code', route => route.abort())
    await page.click('#phone-offer')
    await page.locator('#phone-code', { hasText: 'Browser or network: The proxy does not answer.' }).waitFor()
    t.same(await axeProblems(page), [])
    await end(t, visited)
  })

  await t.test('closed registration is explained where the user meets it, and an invite opens it', async t => {
    const closed = await start({ REGISTRATION: 'closed', ADMIN_TOKEN: 'a-token-of-tests' })
    t.teardown(() => closed.close())
    const { json: { code } } = await call(`${closed.origin}/admin/invites`, { method: 'POST',
      headers: { authorization: 'Bearer a-token-of-tests' } })
    for (const [colorScheme, width] of [['light', 1440], ['dark', 375]] as const) {
      const visited = await visit(browser, closed.origin, '/', { colorScheme, viewport: { width, height: 800 } })
      const { page } = visited
      await page.locator('#sign-in-closed', { hasText: 'by invite only' }).waitFor()
      await page.getByRole('tab', { name: 'Get access' }).click()
      await page.getByText('Ask the operator for an invite').waitFor()
      t.equal(await page.locator('#register').isVisible(), false)
      t.same(await axeProblems(page), [])
      await page.getByLabel('Your invite').fill('acpi-half')
      await page.click('#invite-use')
      await page.getByText('This is no invite: paste the whole link').waitFor()
      await page.getByLabel('Your invite').fill(` ${closed.origin}/#invite=${code} `)
      await page.click('#invite-use')
      await page.locator('#register').waitFor()
      t.equal(await page.inputValue('#code'), code)
      await end(t, visited)
    }
    const visited = await visit(browser, closed.origin, '/#invite=acpi-half')
    const { page } = visited
    await page.locator('#banner', { hasText: 'That invite is incomplete.' }).waitFor()
    await page.evaluate(hash => {
      location.hash = hash
    }, `invite=${code}`)
    await page.getByRole('button', { name: 'Link GitHub', exact: true }).click()
    await page.getByText('GitHub is linked', { exact: true }).waitFor()
    await page.fill('#username', 'invited')
    await page.click('#save')
    await page.getByText('Welcome, invited').waitFor()
    await end(t, visited)
    const late = await visit(browser, closed.origin, `/#invite=${code}`)
    await late.page.getByRole('button', { name: 'Link GitHub', exact: true }).click()
    await late.page.getByText('GitHub is linked', { exact: true }).waitFor()
    await late.page.fill('#username', 'too-late')
    await late.page.click('#save')
    await late.page.getByText('The code is wrong or used').waitFor()
    await end(t, late)
  })

  await t.test('a demo says on every page that it is one; no other server does', async t => {
    const demo = await start({ DEMO: '1', ADMIN_TOKEN: 'a-token-of-tests' })
    t.teardown(() => demo.close())
    for (const [colorScheme, width] of [['light', 1440], ['dark', 375]] as const) {
      for (const path of ['/', '/chat', '/admin']) {
        const visited = await visit(browser, demo.origin, path, { colorScheme, viewport: { width, height: 800 } })
        await visited.page.locator('#demo', { hasText: 'This is a demo. An emulator plays GitHub and Copilot' })
          .waitFor()
        t.same(await axeProblems(visited.page), [], path)
        t.ok(await visited.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth))
        await end(t, visited)
      }
    }
    const visited = await visit(browser, origin)
    t.equal(await visited.page.locator('#demo').count(), 0)
    await end(t, visited)
  })

  await t.test('a stranger’s console stays empty on every page, and so does that of a user', async t => {
    const person = await register(site)
    for (const isUser of [false, true]) {
      const context = await browser.newContext()
      context.setDefaultTimeout(8_000)
      const printed: string[] = []
      const failed: string[] = []
      context.on('console', message => printed.push(`${message.type()}: ${message.text()}`))
      context.on('response', response => {
        if (response.status() >= 400) failed.push(`${response.status()} ${response.url()}`)
      })
      const page = await context.newPage()
      if (isUser) {
        await page.goto(origin)
        await page.evaluate(async body => {
          await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
        }, JSON.stringify({ username: person.username, password: person.password }))
      }
      for (const path of ['/', '/#usage', '/#account', '/chat']) {
        await page.goto('about:blank')
        await page.goto(origin + path)
        await page.locator('html[data-ready]').waitFor({ state: 'attached' })
        await page.waitForLoadState('networkidle')
      }
      t.same([printed, failed], [[], []], isUser ? 'a user' : 'a stranger')
      await context.close()
    }
  })
}
