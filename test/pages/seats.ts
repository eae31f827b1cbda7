// The seats on the setup page, in a browser on either runtime.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visitAs, type Site } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

export async function testSeatsOnPage (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin, emulator } = site
  const rows = async (page: Page) =>
    (await page.locator('#seats-body tbody tr').allInnerTexts()).map(text => text.split(/\s+/).slice(0, 3).join(' '))
  const shoot = async (page: Page, name: string, selector = '#seats') => {
    if (shots !== null) await page.locator(selector).screenshot({ path: `${shots}/${name}.png` })
  }
  const paste = async (page: Page, token: string) => {
    await page.locator('#seat-link').getByRole('button', { name: 'Paste a token instead' }).click()
    await page.locator('#seat-link').getByLabel('GitHub token').fill(token)
    await page.click('#seat-save')
  }
  /** The message comes before the new list. */
  const linked = async (page: Page, name: string) => {
    await page.getByText(`“${name}” is linked.`).waitFor()
    await page.locator(`tr[data-seat="${name}"]`).waitFor()
  }

  await t.test('a seat is added by token, bound to a key, linked again and removed', async t => {
    const user = await register(site, { login: 'home' })
    const work = emulator.addSeat({ login: 'office', plan: 'business' })
    const visited = await visitAs(browser, origin, user, '/#seats')
    const { page } = visited
    await page.locator('#seats-body tbody tr').waitFor()
    t.same(await rows(page), ['default home individual'])
    t.notOk(await page.locator('#keys-seat').isVisible(), 'with one seat there is nothing to choose')

    await page.click('#seats-add')
    await page.fill('#seat-name', 'My Work')
    await page.click('#seat-save')
    t.match(await page.locator('#seat-problem').textContent(), /lower-case letters/)
    await page.fill('#seat-name', 'work')
    await page.click('#seat-save')
    t.match(await page.locator('#seat-problem').textContent(), /Link your GitHub account first/)
    await page.waitForFunction(() => document.getAnimations().every(({ playState }) => playState !== 'running'))
    t.same(await axeProblems(page), [])
    await shoot(page, 'seat-dialog', '#seat-dialog')
    await paste(page, work.githubToken)
    await linked(page, 'work')
    t.same(await rows(page), ['default home individual', 'work office business'])
    t.notMatch(await page.content(), work.githubToken)

    await page.click('#tab-keys')
    await page.fill('#keys-name', 'tool')
    await page.selectOption('#keys-seat', 'work')
    await page.click('#keys-save')
    const key = await page.locator('#new-key').textContent() ?? ''
    const login = async () =>
      (await call(`${origin}/${user.username}/v1/usage`, { headers: { 'x-api-key': key } })).json.login
    t.equal(await login(), 'office')
    t.match(await page.locator('#keys-body tbody tr').innerText(), /work/)

    t.same(await axeProblems(page), [])
    await shoot(page, 'keys-with-seat', '#keys')
    await page.click('#tab-seats')
    t.same(await axeProblems(page), [])
    await shoot(page, 'seats-light')
    await page.emulateMedia({ colorScheme: 'dark' })
    t.same(await axeProblems(page), [])
    await shoot(page, 'seats-dark')
    await page.setViewportSize({ width: 1_440, height: 900 })
    t.same(await axeProblems(page), [])
    await page.setViewportSize({ width: 375, height: 740 })
    t.same(await axeProblems(page), [])
    t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than a phone')
    await shoot(page, 'seats-phone')
    await page.setViewportSize({ width: 1_200, height: 900 })

    await page.getByRole('button', { name: 'Link again: work' }).click()
    t.notOk(await page.locator('#seat-name').isVisible(), 'the name stays')
    await paste(page, emulator.addSeat({ login: 'newer' }).githubToken)
    await page.getByText('newer').waitFor()
    t.equal(await login(), 'newer')

    await page.getByRole('button', { name: 'Remove work' }).click()
    t.match(await page.locator('#unlink-dialog').innerText(), /bound to work stop working/)
    t.same(await axeProblems(page), [])
    await page.click('#unlink-save')
    await page.getByText('“work” is removed.').waitFor()
    await page.locator('tr[data-seat="work"]').waitFor({ state: 'detached' })
    t.same(await rows(page), ['default home individual'])
    t.equal(await page.getByRole('button', { name: 'Remove default' }).count(), 0, 'the default seat stays')
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('a seat is added by device flow; five are the most', async t => {
    const user = await register(site)
    const visited = await visitAs(browser, origin, user, '/#seats')
    const { page } = visited
    await page.click('#seats-add')
    await page.fill('#seat-name', 'team')
    await page.locator('#seat-link').getByRole('button', { name: 'Link GitHub' }).click()
    const code = page.locator('#seat-link .code')
    await code.waitFor()
    await page.click('#seat-save')
    t.match(await page.locator('#seat-problem').textContent(), /Finish linking first/)
    emulator.approve(await code.textContent() ?? '', { login: 'by-device' })
    await page.locator('#seat-link').getByText('GitHub is linked').waitFor()
    await page.click('#seat-save')
    await linked(page, 'team')
    t.equal((await rows(page))[1], 'team by-device individual')
    for (const name of ['three', 'four', 'five']) {
      await page.click('#seats-add')
      await page.fill('#seat-name', name)
      await paste(page, emulator.addSeat().githubToken)
      await linked(page, name)
    }
    t.equal(await page.locator('#seats-count').textContent(), '5 seats of 5')
    t.ok(await page.locator('#seats-add').isDisabled())
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('what GitHub refuses is shown in the dialog, and a seat that stopped working in the list', async t => {
    const user = await register(site)
    const lost = emulator.addSeat()
    emulator.fault({ path: '/copilot_internal/v2/token' }, { kind: 'html', status: 502 }, 2)
    await call(`${origin}/${user.username}/v1/seats/lost`, { method: 'PUT', headers: {
      'authorization': `Bearer ${user.password}`,
      'content-type': 'application/json',
    }, body: JSON.stringify({ token: lost.githubToken }) })
    lost.state = 'revoked'
    const visited = await visitAs(browser, origin, user, '/#seats')
    const { page } = visited
    await page.getByText('not working').waitFor()
    t.match(await page.locator('tr[data-seat=lost]').innerText(), /token was revoked/)
    await shoot(page, 'seats-broken')
    t.same(await axeProblems(page), [])
    await page.click('#seats-add')
    await page.fill('#seat-name', 'x')
    await paste(page, emulator.addSeat({ state: 'no-seat' }).githubToken)
    await page.locator('#seat-problem').getByText('Copilot').waitFor()
    t.ok(await page.locator('#seat-dialog').isVisible())
    t.same(visited.complaints, [])
    await visited.close()
  })
}
