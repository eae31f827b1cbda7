// Usage on the setup page, in a browser on either runtime: the chart, its figures as a table, the file, the warnings.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visitAs, type Person, type Site } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

const counts = { errors: 1, input_tokens: 41_000, cached_tokens: 30_000, output_tokens: 2_100, reasoning_tokens: 800,
  credits: 3.5, searches: 1 }
const dayMs = 86_400_000

/** Thirty days of seven models, two keys and three clients. */
function invented (query: URLSearchParams): object {
  const [from, to] = [query.get('from') ?? '', query.get('to') ?? '']
  const models = ['gpt-5.1', 'claude-sonnet-4.5', 'gemini-3-pro', 'gpt-4o', 'claude-haiku-4.5', 'gpt-5-mini', 'auto-x']
  const days = Math.round((Date.parse(to) - Date.parse(from)) / dayMs) + 1
  const data = Array.from({ length: days },
    (_, day) =>
      models.map((model, nth) => ({ day: new Date(Date.parse(from) + day * dayMs).toISOString().slice(0, 10), model,
        key: nth % 2 === 0 ? 'password' : 'a1b2c3d4', client: ['codex', 'claude-code', 'page'][nth % 3],
        requests: day % 6 === 5 ? 0 : (day * 7 + nth * 13) % 23, ...counts })
      ))
  return { object: 'list', from, to, by: ['day', 'model', 'key', 'client'], kept_days: 90, data: data.flat() }
}

export async function testUsageOnPage (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin } = site
  const shoot = async (page: Page, name: string) => {
    if (shots !== null) await page.locator('#usage').screenshot({ path: `${shots}/${name}.png` })
  }
  const ask = ({ username, password }: Person, secret = password, model = 'gpt-5.1') =>
    call(`${origin}/${username}/v1/chat/completions`, {
      headers: { authorization: `Bearer ${secret}`, 'user-agent': 'codex_cli_rs/0.50.0' },
      json: { model, messages: [{ role: 'user', content: 'hi' }] },
    })

  await t.test('calls appear in the chart, the totals and the file', async t => {
    const user = await register(site, { kind: 'credits' })
    const usage = { inputTokens: 100_000, cachedTokens: 0, outputTokens: 0 }
    site.emulator.answers.push({ text: 'x', usage }, { text: 'x', usage })
    await ask(user, user.password, 'claude-sonnet-4.5')
    await ask(user)
    const visited = await visitAs(browser, origin, user, '/#usage')
    const { page } = visited
    const history = page.locator('#usage-history')
    const pick = (name: string) => history.locator(`select[data-name="${name}"]`)
    await history.locator('.chart').waitFor()
    t.match(await history.locator('.legend').innerText(), /claude-sonnet-4\.5\s+1\s+gpt-5\.1\s+1/)
    t.match(await history.locator('svg').getAttribute('aria-label'), /^2 requests from .* by model\./)
    await history.getByText('Figures of each day').click()
    t.match(await history.getByRole('region', { name: 'Usage by day' }).innerText(), /All/)
    await pick('split').selectOption('client')
    t.match(await history.getByRole('region', { name: 'Usage by client' }).innerText(), /codex\s+2/)
    await pick('split').selectOption('key')
    t.match(await history.locator('.legend').innerText(), /Password\s+2/)
    await pick('measure').selectOption('credits')
    t.match(await history.locator('svg').getAttribute('aria-label'), /AI credits/)
    t.match(await page.locator('#reconciled').innerText(), /Copilot counted .* AI credits and this proxy/)
    const [download] = await Promise.all([page.waitForEvent('download'), history.getByText('Save as CSV').click()])
    t.match(download.suggestedFilename(), /^usage-\d{4}-\d\d-\d\d-\d{4}-\d\d-\d\d\.csv$/)
    t.match(await readFile(await download.path(), 'utf8'),
      /^day,model,key,client,requests,.*key_name\r\n.*"Password"\r\n/)
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('a month of many models: both themes, phone and desk, without a finding of axe', async t => {
    const user = await register(site)
    const visited = await visitAs(browser, origin, user, '/#usage')
    const { page } = visited
    await page.route('**/usage/history?*',
      route => route.fulfill({ json: invented(new URL(route.request().url()).searchParams) }))
    await page.click('#usage-refresh')
    await page.locator('#usage-history .chart').waitFor()
    t.match(await page.locator('#usage-history .legend').innerText(), /2 others/)
    for (const [width, device] of [[1_440, 'desk'], [375, 'phone']] as const) {
      await page.setViewportSize({ width, height: 900 })
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
        t.same(await axeProblems(page), [], `${device}, ${colorScheme}`)
        await shoot(page, `usage-${device}-${colorScheme}`)
      }
      t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `fits ${width} px`)
    }
    await page.locator('#usage-history summary').click()
    t.same(await axeProblems(page), [], 'with the figures of each day')
    await shoot(page, 'usage-phone-table')
    await page.setViewportSize({ width: 1_440, height: 900 })
    await shoot(page, 'usage-desk-table')
    await page.locator('#usage-history select[data-name="days"]').selectOption('7')
    await page.waitForFunction(() => document.activeElement?.matches('select[data-name="days"]'))
    t.equal(await page.locator('#usage-history select[data-name="days"]').inputValue(), '7')
    t.same(visited.complaints, [])
    await visited.close()
  })

  await t.test('from 80 % of its cap a key is named in a warning', async t => {
    const user = await register(site, { kind: 'credits' })
    const { json: { id, key } } = await call(`${origin}/${user.username}/v1/keys`, { headers: {
      authorization: `Bearer ${user.password}`,
    }, json: { name: 'Codex <on> my laptop', monthly_credits: 100 } })
    site.emulator.answers.push({ text: 'x', usage: { inputTokens: 425_000, cachedTokens: 0, outputTokens: 0 } })
    await ask(user, key)
    const visited = await visitAs(browser, origin, user, '/#usage')
    const { page } = visited
    const warning = page.locator('#usage-history .banner.warn')
    await warning.waitFor()
    t.match(await warning.innerText(), /The key “Codex <on> my laptop” has used \d+ of its 100 credits .* \(\d+ %\)\./)
    await page.locator('#usage-history select[data-name="split"]').selectOption('key')
    t.match(await page.locator('#usage-history .legend').innerText(), /Codex <on> my laptop/)
    t.notMatch(await page.locator('#usage-history .legend').innerText(), id)
    t.same(await axeProblems(page), [])
    await shoot(page, 'usage-warning')
    t.same(visited.complaints, [])
    await visited.close()
  })
}
