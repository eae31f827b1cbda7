// The session of the pages in a browser, on either runtime: how long it lasts, what ends it, and who cannot use it.
import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import type { Test } from 'tap'
import { launchProfile, openSessionOf, register, remoteHost, visit, visitAs, type Person,
  type Site } from '../fixtures/browser.ts'
import { call, type Json } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'

export async function testSessionOfPages (t: Test, browser: Browser, site: Site, shots: string | null): Promise<void> {
  const { origin } = site
  const shoot = async (page: Page, name: string) => {
    if (shots !== null) await page.screenshot({ path: `${shots}/${name}.png`, fullPage: name.startsWith('whole') })
  }
  const tab = async (context: BrowserContext, path = '/', base = origin) => {
    const page = await context.newPage()
    await page.goto(base + path)
    await page.locator('html[data-ready]').waitFor({ state: 'attached' })
    return page
  }
  const signIn = async (page: Page, { username, password }: Person, isRemembered = false) => {
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.fill('#in-username', username)
    await page.fill('#in-password', password)
    await page.setChecked('#in-keep', isRemembered)
    await page.click('#sign-in-button')
    await page.locator('#home').waitFor()
  }
  const chatGate = async (page: Page, { username, password }: Person) => {
    await page.fill('#gate-username', username)
    await page.fill('#gate-password', password)
    await page.press('#gate-password', 'Enter')
    await page.locator('#who', { hasText: username }).waitFor()
  }
  const devicesOf = async ({ username, password }: Person): Promise<Json[]> =>
    (await call(`${origin}/${username}/v1/devices`, { headers: { 'x-api-key': password } })).json.data
  const revokeAll = async (person: Person) => {
    for (const { id } of await devicesOf(person)) {
      await call(`${origin}/${person.username}/v1/devices/${id}`, { method: 'DELETE',
        headers: { 'x-api-key': person.password } })
    }
  }
  const isHome = async (page: Page) => {
    await page.locator('#home').waitFor()
    return true
  }
  /** Everything that a script of this origin can read, as text. */
  const readable = (page: Page) =>
    page.evaluate(async () => {
      const databases = await Promise.all((await indexedDB.databases()).map(({ name = '' }) =>
        new Promise<unknown[]>(resolve => {
          indexedDB.open(name).onsuccess = ({ target }) => {
            const { result } = target as IDBOpenDBRequest
            const stores = [...result.objectStoreNames]
            if (stores.length === 0) return resolve([])
            const all: unknown[] = []
            const transaction = result.transaction(stores, 'readonly')
            for (const store of stores) {
              transaction.objectStore(store).getAll().onsuccess = event => {
                all.push((event.target as IDBRequest).result)
              }
            }
            transaction.oncomplete = () => resolve(all)
          }
        })
      ))
      const inputs = [...document.querySelectorAll('input')].map(({ value }) =>
        value
      )
      return JSON.stringify([databases, { ...localStorage }, { ...sessionStorage }, document.cookie, inputs,
        'caches' in window ? await caches.keys() : []]) + document.documentElement.outerHTML
    })

  await t.test('without the tick: all tabs, both pages, after a reload; no secret where scripts read', async t => {
    const person = await register(site)
    const { page, context, complaints, close } = await visit(browser, origin)
    await signIn(page, person)
    await page.reload()
    t.ok(await isHome(page), 'reload')
    t.ok(await isHome(await tab(context)), 'a new tab')
    const chat = await tab(context, '/chat')
    await chat.locator('#who', { hasText: person.username }).waitFor()
    await chat.fill('#message', 'hello')
    await chat.press('#message', 'Enter')
    await chat.locator('.turn .cost').waitFor()
    const [cookie, ...more] = await context.cookies()
    t.match(cookie, { httpOnly: true, sameSite: 'Strict', secure: false, expires: -1, path: '/' })
    t.same(more, [])
    for (const each of [page, chat]) {
      const text = await readable(each)
      t.match(text, person.username)
      t.notMatch(text, new RegExp(person.password))
      t.notMatch(text, /acp[sk]-[a-z0-9]{8}-[a-z0-9]/)
    }
    t.same(complaints, [])
    await close()
  })

  await t.test('no object of the page keeps the password', async t => {
    const person = await register(site)
    const { page, context, close } = await visit(browser, origin)
    await signIn(page, person)
    await page.click('#tab-models')
    await page.locator('#models-body tbody tr').first().waitFor()
    await page.evaluate(text => Object.assign(window, { kept: text }), 'acpc-planted000')
    const cdp = await context.newCDPSession(page)
    const parts: string[] = []
    cdp.on('HeapProfiler.addHeapSnapshotChunk', ({ chunk }) => parts.push(chunk))
    await cdp.send('HeapProfiler.collectGarbage')
    await cdp.send('HeapProfiler.takeHeapSnapshot', { reportProgress: false })
    const heap = parts.join('')
    t.ok(heap.includes('acpc-planted000'), 'a string that the page keeps is found')
    t.notOk(heap.includes(person.password))
    await close()
  })

  await t.test('a restart of the browser: the tick keeps the session, without it the session is gone', async t => {
    const person = await register(site)
    const folder = await mkdtemp(join(tmpdir(), 'copilot-proxy-profile-'))
    t.teardown(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))
    for (const isRemembered of [false, true]) {
      const before = await launchProfile(folder)
      const page = await tab(before)
      t.equal(await page.locator('#door').isVisible(), true, 'signed out at first')
      await signIn(page, person, isRemembered)
      await before.close()
      const after = await launchProfile(folder)
      const next = await tab(after)
      t.equal(await next.locator('#home').isVisible(), isRemembered)
      if (isRemembered) await (await tab(after, '/chat')).locator('#who', { hasText: person.username }).waitFor()
      await after.close()
    }
    t.match(await devicesOf(person), [{ remembered: false }, { remembered: true }])
  })

  await t.test('a device that is revoked elsewhere is asked for the password, and keeps what is typed', async t => {
    const person = await register(site)
    const here = await visitAs(browser, origin, person, '/#account', {
      userAgent: 'Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0',
    })
    const there = await visitAs(browser, origin, person, '/#keys', { userAgent: 'Mozilla/5.0 (iPhone) Safari/605' })
    const chat = await tab(there.context, '/chat')
    await chat.locator('html[data-models]').waitFor({ state: 'attached' })
    await chat.fill('#message', 'a draft')
    await there.page.locator('#keys-name').fill('typed before')
    await here.page.reload()
    const rows = here.page.locator('#devices-body tbody tr')
    await rows.nth(1).waitFor()
    t.match((await rows.allInnerTexts()).sort().reverse(), [/Safari on iPhone/, /Firefox on Linux\s+this device/])
    t.same(await axeProblems(here.page), [])
    await here.page.locator('#devices').scrollIntoViewIfNeeded()
    await shoot(here.page, 'devices')
    await here.page.getByRole('button', { name: /^Revoke Safari on iPhone/ }).click()
    await here.page.locator('#devices-count', { hasText: '1 device' }).waitFor()

    await there.page.click('#keys-save')
    const dialog = there.page.locator('#again-dialog')
    await dialog.getByText('Your session has ended.').waitFor()
    t.equal(await there.page.locator('#home').isVisible(), false, 'who holds the lost device sees nothing')
    t.same(await axeProblems(there.page), [])
    await shoot(there.page, 'again')
    await dialog.getByLabel('Password').fill('acpc-0000000000')
    await there.page.keyboard.press('Enter')
    await dialog.getByText('That is not the password.').waitFor()
    await chat.fill('#message', 'a longer draft')
    await chat.press('#message', 'Enter')
    await chat.getByText('Your session has ended. Sign in again; your chat is kept.').waitFor()
    await shoot(chat, 'gate-again')
    await dialog.getByLabel('Password').fill(person.password)
    await there.page.keyboard.press('Enter')
    await there.page.locator('#home').waitFor()
    t.equal(await there.page.inputValue('#keys-name'), 'typed before')
    await chat.locator('#chat').waitFor()
    t.match(await chat.locator('.turn').innerText(), /a longer draft/, 'the chat goes on with the same chat, by itself')

    await there.page.click('#tab-account')
    await there.page.getByRole('button', { name: 'Revoke this device' }).click()
    await there.page.locator('#door').waitFor()
    await chat.getByText('You signed out in another tab.').waitFor()
    t.equal((await devicesOf(person)).length, 1)
    t.same([...here.complaints, ...there.complaints], [])
    await here.close()
    await there.close()
  })

  await t.test('two users in one browser: the second replaces the first, and each has their own chats', async t => {
    const [first, second] = [await register(site), await register(site)]
    const { page, context, complaints, close } = await visit(browser, origin)
    await signIn(page, first)
    const chat = await tab(context, '/chat')
    await chat.locator('html[data-models]').waitFor({ state: 'attached' })
    await chat.fill('#message', 'a secret of the first')
    await chat.press('#message', 'Enter')
    await chat.locator('.turn .cost').waitFor()
    await chat.fill('#message', 'a draft of the first')

    const other = await tab(context)
    await other.evaluate(async body => {
      await fetch('/session', { method: 'POST', headers: { 'content-type': 'application/json' }, body })
    }, JSON.stringify({ username: second.username, password: second.password }))
    t.same((await devicesOf(first)).length, 0, 'the session of the first has ended')
    await other.reload()
    await other.getByText(`Welcome back, ${second.username}`).waitFor()
    await page.click('#tab-usage')
    const dialog = page.locator('#again-dialog')
    await dialog.getByText(`${second.username} has signed in with this browser.`).waitFor()
    await dialog.getByRole('button', { name: 'Leave' }).click()
    await page.getByText(`Welcome back, ${second.username}`).waitFor()
    t.notMatch(await page.locator('main').innerText(), new RegExp(first.username))

    await chat.press('#message', 'Enter')
    await chat.getByText(`${second.username} has signed in with this browser.`).waitFor()
    await chatGate(chat, first)
    await chat.locator('.turn', { hasText: 'a draft of the first' }).waitFor()
    await chat.fill('#message', 'another draft of the first')
    for (const each of [page, other]) {
      await each.locator('#again-dialog').getByText(`${first.username} has signed in with this browser.`).waitFor()
    }
    await other.locator('#again-dialog').getByLabel('Password').fill(second.password)
    await other.keyboard.press('Enter')
    await other.locator('#home').waitFor()
    await page.locator('#home').waitFor()
    t.equal(await page.locator('#again-dialog').isVisible(), false, 'the other tab of the second goes on by itself')

    await chat.getByText(`${second.username} has signed in with this browser.`).waitFor()
    await chatGate(chat, second)
    t.equal(await chat.inputValue('#message'), '')
    t.notMatch(await chat.content(), /of the first/)
    await chat.getByRole('button', { name: 'Sign out' }).click()
    await chat.locator('#gate').waitFor()
    await page.getByText('You signed out in another tab.').waitFor()
    await chatGate(chat, first)
    await chat.locator('#history .title', { hasText: 'a secret of the first' }).waitFor()
    await page.getByText(`Welcome back, ${first.username}`).waitFor()
    t.same(complaints, [])
    await close()
  })

  await t.test('signing out ends it for all tabs, and clears them', async t => {
    const person = await register(site)
    const { page, context, complaints, close } = await visitAs(browser, origin, person)
    const chat = await tab(context, '/chat')
    await chat.locator('html[data-models]').waitFor({ state: 'attached' })
    await chat.fill('#message', 'words on the screen')
    await chat.press('#message', 'Enter')
    await chat.locator('.turn .cost').waitFor()
    await page.route('**/session', route => route.abort())
    await page.click('#sign-out')
    await page.getByText('You are still signed in. Browser or network: The proxy does not answer.').waitFor()
    t.ok(await isHome(page))
    await page.unroute('**/session')
    await page.click('#sign-out')
    await page.locator('#door').waitFor()
    t.notMatch(await page.locator('main').innerText(), new RegExp(`Welcome|${person.username}`))
    await chat.getByText('You signed out in another tab.').waitFor()
    t.notMatch(await chat.content(), /words on the screen/)
    t.same(await devicesOf(person), [])
    t.same(await context.cookies(), [])
    t.same(complaints, [])
    await close()
  })

  await t.test('on plain http beyond loopback the cookie is not Secure, and everything works', async t => {
    const remote = origin.replace(/\/\/[^:/]+/, `//${remoteHost}`)
    const person = await register(site)
    const { page, context, complaints, close } = await visit(browser, remote)
    await signIn(page, person, true)
    await page.reload()
    t.ok(await isHome(page))
    await (await tab(context, '/chat', remote)).locator('#who', { hasText: person.username }).waitFor()
    t.match(await context.cookies(), [{ secure: false, httpOnly: true, sameSite: 'Strict' }])
    await page.click('#tool-key-create')
    await page.locator('#tool-key').waitFor()
    await page.click('#sign-out')
    await page.locator('#door').waitFor()
    t.same(complaints, [])
    await close()
  })

  await t.test('forms and scripts of other origins cannot use the cookie, on this site or another', async t => {
    const person = await register(site)
    const evil = createServer((_, response) => {
      response.setHeader('content-type', 'text/html').end('<!doctype html><title>evil</title>')
    })
    await new Promise<void>(resolve => {
      evil.listen(0, '127.0.0.1', resolve)
    })
    t.teardown(() => evil.close())
    const { port } = evil.address() as AddressInfo
    for (const host of [origin, origin.replace(/\/\/[^:/]+/, `//${remoteHost}`)]) {
      const { hostname } = new URL(host)
      const elsewhere = hostname === 'localhost' ? '127.0.0.1' : 'localhost'
      for (const from of [hostname, elsewhere]) {
        const { page, context, close } = await visit(browser, host)
        await openSessionOf(page, person, true)
        const keys = `${host}/${person.username}/v1/keys`
        const attacker = await context.newPage()
        await attacker.goto(`http://${from}:${port}/`)
        const read = await attacker.evaluate(async ([keys = '', host = '']) => {
          const seen: string[] = []
          const body = JSON.stringify({ name: 'stolen' })
          for (const [url, init] of [[keys, {}], [keys, { method: 'POST', body }], [keys, { method: 'POST', body,
            mode: 'no-cors' as const }], [keys, { method: 'POST', body,
            headers: { 'content-type': 'application/json' } }], [`${host}/session`, {}], [`${host}/session`, {
            method: 'DELETE',
          }], [`${host}/session`, { method: 'DELETE', mode: 'no-cors' as const }]] as Array<[string, RequestInit]>) {
            seen.push(
              await fetch(url, { credentials: 'include', ...init }).then(async answer => await answer.text(), () => ''),
            )
          }
          return seen
        }, [keys, host])
        t.notMatch(read.join(), /"object"|"key"|"username"/, `${from} reads nothing of ${host}`)
        for (const enctype of ['text/plain', 'application/x-www-form-urlencoded']) {
          await attacker.goto(`http://${from}:${port}/`)
          await attacker.evaluate(([keys = '', enctype = '']) => {
            const form = document.createElement('form')
            Object.assign(form, { action: keys, method: 'POST', enctype })
            const field = document.createElement('input')
            Object.assign(field, { name: '{"name":"stolen","x":"', value: '"}' })
            form.append(field)
            document.body.append(form)
            form.submit()
          }, [keys, enctype])
          await attacker.waitForURL(keys)
        }
        const { json } = await call(`${origin}/${person.username}/v1/keys`, {
          headers: { 'x-api-key': person.password },
        })
        t.same(json.data, [], `${from} made no key`)
        t.equal(await page.evaluate(async () => (await fetch('/session')).status), 200, `${from} ended no session`)
        await close()
      }
    }
    await revokeAll(person)
  })

  await t.test('each tool gets one key, shown once; a new one takes its place with the same limits', async t => {
    const person = await register(site)
    const { page, complaints, close } = await visitAs(browser, origin, person)
    const made = async () => {
      await page.click('#tool-key-create')
      return await page.locator('#tool-key').textContent() ?? ''
    }
    const status = async (key: string) =>
      (await call(`${origin}/${person.username}/v1/models`, { headers: { 'x-api-key': key } })).status
    await page.getByRole('button', { name: 'Create a key for Claude Code' }).waitFor()
    const key = await made()
    t.equal(await status(key), 200)
    await page.locator('#keys-body tr[data-key]').waitFor({ state: 'attached' })
    const [{ id }] =
      (await call(`${origin}/${person.username}/v1/keys`, { headers: { 'x-api-key': person.password } })).json.data
    await call(`${origin}/${person.username}/v1/keys/${id}`, { method: 'PATCH',
      headers: { 'x-api-key': person.password, 'content-type': 'application/json' },
      body: JSON.stringify({ monthly_credits: 7 }) })
    await page.click('#client-cursor')
    await page.getByRole('button', { name: 'Create a key for Cursor' }).waitFor()
    await page.click('#client-claude-code')
    t.equal(await page.locator('#tool-key').textContent(), key, 'until the page is left')
    await page.reload()
    await page.getByText('You have a key named “claude-code”.').waitFor()
    t.notMatch(await readable(page), new RegExp(key.slice(14)))
    const next = await made()
    t.same([await status(key), await status(next)], [401, 200])
    t.match(
      (await call(`${origin}/${person.username}/v1/keys`, { headers: { 'x-api-key': person.password } })).json.data,
      [{ name: 'claude-code', monthly_credits: 7 }],
    )
    t.same(complaints, [])
    await close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing in what is new, ${colorScheme}, wide and on a phone`, async t => {
      const person = await register(site)
      for (const width of [1440, 375]) {
        const { page, context, close } = await visitAs(browser, origin, person, '/', { colorScheme,
          viewport: { width, height: 800 } })
        for (const [tab, content] of [['models', '#models-body tbody tr'], ['account', '#devices-body tbody tr'], [
          'connect',
          '#tool-key-create',
        ]] as const) {
          await page.click(`#tab-${tab}`)
          await page.locator(content).first().waitFor()
          t.same(await axeProblems(page), [], `${tab}, ${width}`)
          await shoot(page, `whole-${tab}-${colorScheme}-${width}`)
        }
        await page.click('#tool-key-create')
        await page.locator('#tool-key').waitFor()
        t.same(await axeProblems(page), [], `a key, ${width}`)
        await page.locator('#connect').scrollIntoViewIfNeeded()
        await shoot(page, `tool-key-${colorScheme}-${width}`)
        await page.click('#tab-account')
        await page.getByRole('button', { name: 'Change password' }).click()
        t.same(await axeProblems(page), [], `dialog, ${width}`)
        await shoot(page, `rotate-${colorScheme}-${width}`)
        await page.keyboard.press('Escape')
        await context.clearCookies()
        await page.click('#tab-usage')
        await page.locator('#again-dialog').waitFor()
        t.same(await axeProblems(page), [], `again, ${width}`)
        await shoot(page, `again-${colorScheme}-${width}`)
        t.equal(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true)
        await close()
        await revokeAll(person)
      }
    })
  }
}
