// The keys on the setup page, in a browser on either runtime.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visitAs, type Site } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

export async function testKeysOnPage (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin } = site
  const create = async (page: Page, name: string) => {
    await page.fill('#keys-name', name)
    await page.click('#keys-save')
    await page.locator('#new-key').waitFor()
    return await page.locator('#new-key').textContent() ?? ''
  }
  const status = async (username: string, key: string) =>
    (await call(`${origin}/${username}/v1/models`, { headers: { 'x-api-key': key } })).status
  const shoot = async (page: Page, name: string) => {
    if (shots !== null) await page.locator('#keys').screenshot({ path: `${shots}/${name}.png` })
  }

  await t.test('a key is created, shown once, renamed and revoked', async t => {
    const user = await register(site)
    const visited = await visitAs(browser, origin, user, '/#keys')
    const { page } = visited
    await page.getByText('No keys yet.').waitFor()
    await page.click('#keys-save')
    t.match(await page.locator('#keys-problem').textContent(), /Give the key a name/)
    await page.fill('#keys-cap', '500')
    await page.fill('#keys-models', 'gpt-4o, gpt-5.1')
    await page.selectOption('#keys-end', '30')
    const key = await create(page, 'Codex on my <laptop>')
    t.match(key, /^acpk-[a-z0-9]{8}-[a-z0-9]{32}$/)
    t.equal(await status(user.username, key), 200)
    const row = page.locator('#keys-body tbody tr')
    t.match(await row.innerText(), /Codex on my <laptop>[\s\S]*gpt-4o, gpt-5\.1[\s\S]*of 500/)
    t.same(await axeProblems(page), [])
    await shoot(page, 'keys-light')
    await page.emulateMedia({ colorScheme: 'dark' })
    t.same(await axeProblems(page), [])
    await shoot(page, 'keys-dark')
    await page.setViewportSize({ width: 360, height: 740 })
    t.same(await axeProblems(page), [])
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than a phone')
    await shoot(page, 'keys-phone')
    await page.setViewportSize({ width: 1_200, height: 900 })

    await page.getByRole('button', { name: 'Rename Codex on my <laptop>' }).click()
    await page.getByLabel('New name of Codex on my <laptop>').fill('Codex')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Rename Codex', exact: true }).waitFor()

    await page.getByRole('button', { name: 'Revoke Codex' }).click()
    t.match(await page.locator('#revoke-dialog').innerText(), /Codex/)
    t.same(await axeProblems(page), [])
    await page.getByRole('button', { name: 'Cancel' }).click()
    t.equal(await status(user.username, key), 200, 'cancelled')
    await page.getByRole('button', { name: 'Revoke Codex' }).click()
    await page.click('#revoke-save')
    await page.getByText('No keys yet.').waitFor()
    t.equal(await status(user.username, key), 401)
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('a reload and a sign-out leave no key in the page', async t => {
    const user = await register(site)
    const visited = await visitAs(browser, origin, user, '/#keys')
    const { page } = visited
    const key = await create(page, 'one')
    await page.click('#sign-out')
    await page.locator('#door').waitFor()
    t.notMatch(await page.content(), key.slice(14))
    t.notMatch(JSON.stringify(await page.evaluate(() => [{ ...localStorage }, { ...sessionStorage }])), key.slice(14))
    await visited.close()
    const again = await visitAs(browser, origin, user, '/#keys')
    await again.page.getByRole('button', { name: 'Revoke one' }).waitFor()
    t.notMatch(await again.page.content(), key.slice(14))
    t.same(again.complaints, [])
    await again.close()
  })

  await t.test('what the gateway refuses is shown next to the form', async t => {
    const user = await register(site)
    const visited = await visitAs(browser, origin, user, '/#keys')
    const { page } = visited
    await page.fill('#keys-cap', 'many')
    await page.fill('#keys-name', 'x')
    await page.click('#keys-save')
    t.match(await page.locator('#keys-problem').textContent(), /credits are a number/)
    await page.fill('#keys-cap', '')
    await page.fill('#keys-models', Array.from({ length: 51 }, (_, at) => `m${at}`).join(','))
    await page.click('#keys-save')
    await page.getByText('must be a list of 1 to 50').waitFor()
    t.same(visited.complaints, [])
    await visited.close()
  })
}
