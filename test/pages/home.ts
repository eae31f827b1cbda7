// The tabs of the user's page, its secrets, the shells of its settings and the phone's code, in a browser on either
// runtime.
import type { Browser, Page } from 'playwright-core'
import type { Test } from 'tap'
import { register, visit, visitAs, type Site, type Visit } from '../fixtures/browser.ts'
import { call } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

const tabNames = ['connect', 'keys', 'usage', 'models', 'seats', 'account'] as const

export async function testHome (t: Test, browser: Browser, site: Site): Promise<void> {
  const { origin } = site
  const end = async (t: Test, visited: Visit) => {
    t.same(visited.complaints, [], 'no violation, script error or foreign request')
    await visited.close()
  }
  const shown = async (page: Page) =>
    Promise.all(tabNames.map(async name => await page.locator(`#${name}`).isVisible() ? name : '')).then(names =>
      names.filter(name => name !== '')
    )
  /** The paths that the page asked below the user, without the user's name. */
  const asked = (page: Page) => {
    const paths: string[] = []
    page.on('request', request => {
      const path = /\/v1(\/[^?]*)/.exec(new URL(request.url()).pathname)?.[1]
      if (path !== undefined) paths.push(path)
    })
    return () => paths.splice(0).sort()
  }

  await t.test('tabs: each has an address for reload, back and links, and loads when it is first opened', async t => {
    const person = await register(site)
    const visited = await visitAs(browser, origin, person)
    const { page } = visited
    const requests = asked(page)
    await page.reload()
    await page.locator('#snippet-model option[value="gpt-4.1"]').waitFor({ state: 'attached' })
    await page.waitForLoadState('networkidle')
    t.same(requests(), ['/keys', '/models'], 'opening the page')
    t.equal(new URL(page.url()).hash, '')
    await page.click('#tab-usage')
    await page.locator('#usage-history').waitFor()
    await page.waitForLoadState('networkidle')
    t.same(requests(), ['/keys', '/usage', '/usage/history'])
    t.equal(new URL(page.url()).hash, '#usage')
    t.equal(await page.title(), 'Copilot Proxy · Usage')
    await page.click('#tab-models')
    await page.locator('#models-body tbody tr').first().waitFor()
    t.same(requests(), [], 'the list is there already')
    await page.goBack()
    t.same(await shown(page), ['usage'])
    t.equal(await page.locator('#tab-usage').getAttribute('aria-selected'), 'true')
    await page.goBack()
    t.same(await shown(page), ['connect'])
    await page.goForward()
    t.same([await shown(page), requests()], [['usage'], []], 'opened before')
    await page.reload()
    await page.locator('.bucket').first().waitFor()
    t.same(await shown(page), ['usage'])
    t.same(requests(), ['/keys', '/usage', '/usage/history'], 'nothing of the other tabs')
    for (const [anchor, tab] of [['test', 'connect'], ['devices', 'account'], ['seats', 'seats'], ['nothing',
      'connect']] as const) {
      await page.goto('about:blank')
      await page.goto(`${origin}/#${anchor}`)
      await page.locator('#home').waitFor()
      t.same(await shown(page), [tab], `#${anchor}`)
    }
    await page.goto(`${origin}/#keys`)
    await page.click('#sign-out')
    await page.locator('#door').waitFor()
    t.equal(new URL(page.url()).hash, '', 'the next user begins with the first tab')
    await end(t, visited)
  })

  await t.test('tabs: arrow keys, Home and End; one stop of the Tab key; all are in sight at 375 px', async t => {
    const visited = await visitAs(browser, origin, await register(site), '/#keys', {
      viewport: { width: 375, height: 740 },
    })
    const { page } = visited
    await page.locator('#home').waitFor()
    await page.locator('#tab-keys').focus()
    for (const [key, name] of [['ArrowRight', 'usage'], ['End', 'account'], ['ArrowRight', 'connect'], ['ArrowLeft',
      'account'], ['Home', 'connect']] as const) {
      await page.keyboard.press(key)
      t.equal(await page.evaluate(() => document.activeElement?.id), `tab-${name}`, key)
      t.same(await shown(page), [name])
    }
    t.equal(await page.locator('#home-tabs a:not([tabindex="-1"])').count(), 1)
    for (const name of tabNames) {
      const box = await page.locator(`#tab-${name}`).boundingBox()
      t.ok(box !== null && box.x >= 0 && box.x + box.width <= 375, name)
    }
    await end(t, visited)
  })

  await t.test('Show and Hide match what is visible: after a copy, another tab, another tool, a sign-out', async t => {
    const person = await register(site)
    const visited = await visitAs(browser, origin, person, '/', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visited
    await page.click('#tool-key-create')
    const key = await page.locator('#tool-key').innerText()
    t.match(key, /^acpk-[a-z0-9]{8}-[a-z0-9]{32}$/, 'a new key is shown')
    /** Each button's word, and whether the secret next to it is visible. */
    const states = () =>
      page.locator('#client-panel .reveal').evaluateAll((buttons, key) =>
        buttons.map(button => {
          const place = button.closest('figure, .row, .places > div')
          return [button.textContent?.trim(), place?.querySelector('[data-secret]')?.textContent?.includes(key)]
        }), key)
    const consistent = async (what: string) => {
      const all = await states()
      t.ok(all.length >= 3, `${what}: ${all.length} buttons`)
      for (const [word, isVisible] of all) t.equal(word, isVisible === true ? 'Hide' : 'Show', what)
      return all.map(([word]) => word)
    }
    t.same(await consistent('at first'), ['Hide', 'Show', 'Show'])
    await page.locator('#client-panel .snippet .copy').nth(1).click()
    await page.locator('.copy.done').waitFor()
    t.same(await consistent('after a copy'), ['Hide', 'Show', 'Show'])
    await page.locator('#client-panel .snippet .reveal').first().click()
    t.same(await consistent('all settings of the tool'), ['Hide', 'Hide', 'Hide'])
    await page.locator('.new-key .reveal').click()
    t.same(await consistent('the key alone'), ['Show', 'Hide', 'Hide'])
    await page.click('#tab-keys')
    await page.click('#tab-connect')
    t.same(await consistent('after another tab'), ['Show', 'Hide', 'Hide'])
    await page.click('#client-codex')
    await page.click('#client-claude-code')
    t.same(await consistent('after another tool'), ['Hide', 'Show', 'Show'])
    await page.click('#sign-out')
    await page.locator('#door').waitFor()
    t.notMatch(await page.content(), key)
    t.equal(await page.locator('.reveal').count(), 0)
    await end(t, visited)
  })

  await t.test('selecting with the mouse and copying gives exactly the secret, and exactly the settings', async t => {
    const person = await register(site)
    const visited = await visitAs(browser, origin, person, '/', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visited
    const copied = async () => {
      await page.keyboard.press('ControlOrMeta+c')
      return page.evaluate(() => navigator.clipboard.readText())
    }
    await page.click('#tool-key-create')
    const key = await page.locator('#tool-key').innerText()
    for (const clicks of [1, 2, 3]) {
      await page.locator('#tool-key').click({ clickCount: clicks })
      t.equal(await copied(), key, `${clicks} clicks`)
    }
    const box = await page.locator('#client-panel .new-key .row').boundingBox()
    if (box === null) throw new Error('no box')
    await page.mouse.move(box.x + 1, box.y + 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width - 1, box.y + box.height - 2, { steps: 5 })
    await page.mouse.up()
    t.equal(await copied(), key, 'drawn across the row')
    for (const isShown of [false, true]) {
      const block = page.locator('#client-panel .snippet').nth(2)
      if (isShown) await block.locator('.reveal').click()
      await block.locator('.copy').click()
      await page.locator('.copy.done').waitFor()
      const whole = await page.evaluate(() => navigator.clipboard.readText())
      t.match(whole, key)
      await block.locator('code').evaluate(code => getSelection()?.selectAllChildren(code))
      t.equal(await copied(), whole, isShown ? 'shown' : 'while dots hide the key')
    }
    await page.click('#tab-keys')
    await page.fill('#keys-name', 'x')
    await page.click('#keys-save')
    const second = await page.locator('#new-key').innerText()
    await page.locator('#new-key').click({ clickCount: 3 })
    t.equal(await copied(), second)
    await end(t, visited)
  })

  await t.test('the settings are in the shell that the reader chose, also after a reload', async t => {
    const visited = await visitAs(browser, origin, await register(site))
    const { page } = visited
    const text = () => page.locator('#client-panel').innerText()
    await page.locator('#home').waitFor()
    t.match(await text(), /\| sh -s -- [^]*export ANTHROPIC_BASE_URL=http/)
    await page.selectOption('#snippet-shell', 'fish')
    t.match(await text(), /\| sh -s -- [^]*set -gx ANTHROPIC_BASE_URL http/)
    await page.selectOption('#snippet-shell', 'powershell')
    t.match(await text(), /\(irm http[^]*\$env:ANTHROPIC_BASE_URL = 'http/)
    await page.click('#client-curl')
    t.match(await text(), /Invoke-RestMethod http/)
    await page.reload()
    await page.locator('#home').waitFor()
    t.equal(await page.inputValue('#snippet-shell'), 'powershell')
    await page.click('#client-codex')
    t.match(await text(), /\$env:COPILOT_PROXY_KEY = 'YOUR_KEY'/)
    for (const shell of ['sh', 'fish', 'powershell']) {
      await page.selectOption('#snippet-shell', shell)
      for (const tab of await page.locator('#client-tabs [role="tab"]').all()) {
        await tab.click()
        const shown = await text()
        if (shell === 'sh') t.notMatch(shown, /\$env:|set -gx/)
        if (shell === 'fish') t.notMatch(shown, /\$env:|export [A-Z]/)
        if (shell === 'powershell') t.notMatch(shown, /set -gx|export [A-Z]|curl -/)
      }
    }
    await end(t, visited)
  })

  await t.test('a phone signs in by the code that the desk shows, once, and becomes a device', async t => {
    const person = await register(site)
    const desk = await visitAs(browser, origin, person, '/#account')
    const { page } = desk
    await page.click('#phone-offer')
    const qr = page.locator('#phone-code svg.qr')
    await qr.waitFor()
    t.match(await page.locator('#phone-code').innerText(), /Expires in [12]:\d\d/)
    t.same(await axeProblems(page), [])
    const link = await page.evaluate(async () => {
      let text = ''
      Object.defineProperty(navigator, 'clipboard', { configurable: true,
        value: { writeText: async (copied: string) => {
          text = copied
        } } })
      document.querySelector<HTMLButtonElement>('#phone-code .copy')?.click()
      await new Promise(resolve => setTimeout(resolve, 50))
      return text
    })
    t.match(link, new RegExp(`^${origin}/#device=acpd-[a-z0-9]{8}-[a-z0-9]{32}$`))
    const phone = await visit(browser, origin, link.slice(origin.length), { viewport: { width: 375, height: 740 },
      userAgent: 'Mozilla/5.0 (iPhone; CPU iPhone OS 20_0 like Mac OS X) Version/20 Safari/605' })
    const dialog = phone.page.locator('#phone-dialog')
    await dialog.getByText('Sign in on this device?').waitFor()
    t.equal(phone.page.url(), `${origin}/`, 'the code is not in the address any more')
    t.same(await axeProblems(phone.page), [])
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await phone.page.getByText(`Welcome back, ${person.username}`).waitFor()
    t.match(await phone.context.cookies(), [{ httpOnly: true, sameSite: 'Strict' }])
    t.ok(((await phone.context.cookies())[0]?.expires ?? 0) > Date.now() / 1_000, 'remembered')
    await page.locator('#phone-code', { hasText: 'Safari on iPhone is signed in.' }).waitFor()
    t.equal(await qr.count(), 0, 'the desk hides the used code')
    await page.locator('#devices-body tr', { hasText: 'Safari on iPhone' }).waitFor()

    const second = await visit(browser, origin, link.slice(origin.length))
    const refused = second.page.locator('#phone-dialog')
    await refused.getByRole('button', { name: 'Sign in' }).click()
    await refused.getByText('This code is used, or its two minutes are over.').waitFor()
    t.same(await second.context.cookies(), [])
    await refused.getByRole('button', { name: 'Cancel' }).click()
    t.ok(await second.page.locator('#door').isVisible())
    const { json } = await call(`${origin}/${person.username}/v1/devices`, {
      headers: { 'x-api-key': person.password },
    })
    t.equal(json.data.length, 2)
    for (const each of [desk, phone, second]) await end(t, each)
  })

  await t.test('a code in a browser where somebody is signed in says so; leaving the tab hides the code', async t => {
    const [first, second] = [await register(site), await register(site)]
    const desk = await visitAs(browser, origin, first, '/#account')
    const { page } = desk
    const answer = page.waitForResponse('**/session/device-code')
    await page.click('#phone-offer')
    const { code } = await (await answer).json() as { code: string }
    await page.locator('#phone-code svg.qr').waitFor()
    await page.click('#tab-keys')
    t.equal(await page.locator('#phone-code svg.qr').count(), 0)
    const other = await visitAs(browser, origin, second)
    await other.page.locator('#home').waitFor()
    await other.page.evaluate(hash => {
      location.hash = hash
    }, `device=${code}`)
    const dialog = other.page.locator('#phone-dialog')
    await dialog.getByText(`${second.username} is signed in with this browser, and will be signed out.`).waitFor()
    await dialog.getByRole('button', { name: 'Sign in' }).click()
    await other.page.getByText(`Welcome back, ${first.username}`).waitFor()
    t.notMatch(await other.page.locator('main').innerText(), new RegExp(second.username))
    for (const each of [desk, other]) await end(t, each)
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing in any tab, ${colorScheme}, wide and at 375 px; nothing overflows`, async t => {
      const person = await register(site)
      for (const width of [1440, 375]) {
        const visited = await visitAs(browser, origin, person, '/', { colorScheme, viewport: { width, height: 800 } })
        const { page } = visited
        for (const name of tabNames) {
          await page.click(`#tab-${name}`)
          await page.waitForLoadState('networkidle')
          t.same(await axeProblems(page), [], `${name}, ${width}`)
          t.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), `${name} fits ${width}`)
        }
        await end(t, visited)
      }
    })
  }
}
