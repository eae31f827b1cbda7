// The operator's page, in a browser on either runtime.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visit, type Site, type Visit } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

export const adminSettings = { ADMIN_TOKEN: 'operator-AdminToken-0123456789', REGISTRATION: 'closed' } as const
const token = adminSettings.ADMIN_TOKEN
const bearer = { authorization: `Bearer ${token}` }

export async function testAdminPage (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin } = site
  const shoot = async (page: Page, name: string) => {
    if (shots !== null) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: true })
  }
  const signIn = async (): Promise<Visit> => {
    const visited = await visit(browser, origin, '/admin')
    await visited.page.fill('#admin-token', token)
    await visited.page.click('#admin-enter')
    for (const part of ['status', 'users', 'admin-usage', 'invites', 'errors']) {
      await visited.page.locator(`#${part}-body > *`).first().waitFor()
    }
    return visited
  }
  const end = async (t: Test, visited: Visit) => {
    t.same(visited.complaints, [], 'no violation, script error or foreign request')
    await visited.close()
  }
  const addUser = async () => {
    const { json } = await call(`${origin}/admin/invites`, { method: 'POST', headers: bearer })
    return register(site, {}, json.code)
  }
  const invite = async (page: Page): Promise<string> => {
    const before = await page.locator('#invites-new').textContent()
    await page.click('#invites-save')
    await page.waitForFunction(
      text => document.getElementById('invites-new')?.textContent !== text && document.getElementById('new-invite'),
      before,
    )
    return await page.locator('#new-invite').textContent() ?? ''
  }

  await t.test('signs in, keeps the session over a reload and in a new tab, and signs out', async t => {
    const visited = await visit(browser, origin, '/admin')
    const { page, context } = visited
    t.same(await axeProblems(page), [])
    await shoot(page, 'admin-door')
    await page.click('#admin-enter')
    t.match(await page.locator('#admin-problem').textContent(), /Type the value/)
    await page.fill('#admin-token', 'wrong')
    await page.click('#admin-enter')
    await page.getByText('This is not the admin token.').waitFor()
    await page.fill('#admin-token', token)
    await page.keyboard.press('Enter')
    await page.locator('#admin-home').waitFor()
    t.notMatch(await page.content(), token)
    t.match(await page.evaluate(() => [document.cookie, { ...localStorage }, { ...sessionStorage }]), ['', {
      'copilot-proxy.operator': /^\d+$/,
    }, {}], 'scripts can read neither the token nor the session')
    t.same(await page.evaluate(() => Object.keys(localStorage)), ['copilot-proxy.operator'], 'only the time')
    await page.reload()
    await page.locator('#admin-home').waitFor()
    const other = await context.newPage()
    await other.goto(`${origin}/admin`)
    await other.locator('#admin-home').waitFor()
    await page.click('#sign-out')
    await page.locator('#admin-door').waitFor()
    await other.click('#admin-refresh')
    await other.getByText('The session has ended. Sign in again.').waitFor()
    t.equal(await other.locator('#users-body').textContent(), '', 'nothing stays on the page')
    await end(t, visited)
  })

  await t.test('shows status, users with their keys, usage and errors, in both themes and on a phone', async t => {
    const user = await addUser()
    const headers = { authorization: `Bearer ${user.password}` }
    const made = await call(`${origin}/${user.username}/v1/keys`, { json: { name: 'Codex on my <laptop>' }, headers })
    const chat = () =>
      call(`${origin}/${user.username}/v1/chat/completions`, { headers: { 'x-api-key': made.json.key },
        json: { model: 'gpt-4o', messages: [{ role: 'user', content: 'words-of-a-prompt' }] } })
    t.equal((await chat()).status, 200)
    site.emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 500, body: 'words-of-an-answer' }, 1)
    t.equal((await chat()).status, 502)
    const visited = await signIn()
    const { page } = visited
    t.match(await page.locator('#status-body').innerText(), /with an invite only[\s\S]*Store: [\s\S]*Copilot\s+answers/)
    const row = page.locator('#users-body tr', { hasText: user.username })
    t.match(await row.innerText(), /Codex on my <laptop>/)
    t.match(await page.locator('#admin-usage-body').innerText(), new RegExp(`${user.username}[\\s\\S]*gpt-4o`))
    t.match(await page.locator('#errors-body').innerText(), /error[\s\S]*502 · upstream_error/)
    t.notMatch(await page.content(), /words-of-/)
    await invite(page)
    for (const [colorScheme, width] of [['light', 1_440], ['dark', 1_440], ['light', 375], ['dark', 375]] as const) {
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.setViewportSize({ width, height: 900 })
      t.same(await axeProblems(page), [], `${colorScheme} ${width}`)
      t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${width}: nothing is wider`)
      await shoot(page, `admin-${colorScheme}-${width}`)
    }
    await end(t, visited)
  })

  await t.test('an invite is created, opens the registration, is used once, and another is revoked', async t => {
    const operator = await signIn()
    const link = await invite(operator.page)
    t.match(link, new RegExp(`^${origin}/#invite=acpi-[a-z0-9]{8}-[a-z0-9]{32}$`))
    t.ok(await operator.page.getByRole('img', { name: 'The link as a QR code' }).isVisible())

    const visited = await visit(browser, origin)
    const { page } = visited
    await page.locator('#sign-in').waitFor()
    await page.click('#tab-register')
    await page.locator('#register-closed h2', { hasText: 'by invite only' }).waitFor()
    await page.goto(link)
    await page.locator('#code-field').waitFor()
    t.equal(page.url(), `${origin}/`, 'the code is no longer in the address')
    t.equal(await page.inputValue('#code'), link.split('=')[1])
    await page.reload()
    t.notOk(await page.locator('#code-field').isVisible(), 'nor anywhere else')
    await page.goto(link)
    await page.locator('#code-field').waitFor()
    t.same(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Link GitHub', exact: true }).first().click()
    await page.getByText('GitHub is linked', { exact: true }).first().waitFor()
    const name = `invited-${Date.now()}`
    await page.fill('#username', name)
    await page.click('#save')
    await page.locator('#home').waitFor()
    await end(t, visited)

    await operator.page.click('#admin-refresh')
    await operator.page.locator('#users-body tr', { hasText: name }).waitFor()
    await operator.page.getByText('No open invites.').or(operator.page.locator('#invites-body tbody tr')).first()
      .waitFor()
    const again = await invite(operator.page)
    const id = /acpi-([a-z0-9]{8})/.exec(again)?.[1] ?? ''
    await operator.page.getByRole('button', { name: `Revoke invite ${id}` }).click()
    await operator.page.locator('#invites-new').waitFor({ state: 'hidden' })
    t.same(
      (await call(`${origin}/admin/invites`, { headers: bearer })).json.data.filter((open: { id: string }) =>
        again.includes(open.id) || link.includes(open.id)
      ),
      [],
    )
    await end(t, operator)
  })

  await t.test('a user is deleted after a question', async t => {
    const user = await addUser()
    const visited = await signIn()
    const { page } = visited
    const button = page.getByRole('button', { name: `Delete ${user.username}`, exact: true })
    await button.click()
    t.match(await page.locator('#expel-dialog').innerText(), user.username)
    t.same(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Cancel' }).click()
    await button.click()
    await page.click('#expel-save')
    await page.locator('#expel-dialog').waitFor({ state: 'hidden' })
    t.equal(await button.count(), 0)
    t.equal((await call(`${origin}/${user.username}/v1/models`, { headers: { 'x-api-key': user.password } })).status,
      401)
    await end(t, visited)
  })

  await t.test('a part that fails says why, next to the others', async t => {
    const visited = await signIn()
    const { page } = visited
    await page.route('**/admin/users*',
      route =>
        route.fulfill({ status: 503, contentType: 'application/json',
          body: JSON.stringify({ error: { code: 'store_unavailable', message: 'The store does not answer.' } }) }))
    await page.click('#admin-refresh')
    await page.locator('#users-body').getByText('The store does not answer.').waitFor()
    await end(t, visited)
  })
}
