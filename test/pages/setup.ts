// The setup page in a browser, on either runtime. Every part of the page's acceptance list has a test here.
import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import Anthropic from '@anthropic-ai/sdk'
import OpenAI from 'openai'
import { register, remoteHost, visit, visitAs, type Site, type Visit } from '../fixtures/browser.ts'
import { call, type Json } from '../fixtures/http.ts'
import { axeProblems } from './axe.ts'
import { offerSources } from './sources.ts'
import type { Test } from 'tap'

export async function testSetupPage (t: Test, browser: Browser, site: Site): Promise<void> {
  const { origin, emulator } = site
  const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true })
  /** Checks that the page broke none of its own rules. */
  const end = async (t: Test, visited: Visit) => {
    t.same(visited.complaints, [], 'no violation, script error or foreign request')
    await visited.close()
  }
  const link = async (page: Page) => {
    await button(page, 'Link GitHub').first().click()
    await page.getByText('GitHub is linked', { exact: true }).first().waitFor()
  }
  const enter = async (page: Page, name: string) => {
    await link(page)
    await page.fill('#username', name)
    const password = await page.inputValue('#password')
    await page.click('#save')
    await page.locator('#home').waitFor()
    return { username: name, password }
  }

  await t.test('register: link, name, save, and the page shows everything that a tool needs', async t => {
    const visited = await visit(browser, origin)
    const { page } = visited
    await button(page, 'Link GitHub').click()
    const code = await page.locator('.code').textContent()
    t.match(code ?? '', /^[A-Z0-9]{4}-[A-Z0-9]{4}$/, 'the code is shown')
    t.match(await page.locator('.device').innerText(), /Expires in 14:\d\d/, 'with the remaining time')
    t.equal(await page.locator('.device a').getAttribute('href'), `${emulator.githubUrl}/login/device`,
      'and the link to GitHub')
    await page.getByText('GitHub is linked').waitFor()
    await page.locator('#username').pressSequentially('Mona LISA_!é')
    await page.keyboard.press('Tab')
    t.equal(await page.inputValue('#username'), 'mona-lisa', 'the page makes a valid user name')
    t.match(await page.inputValue('#password'), /^acpc-[A-Za-z0-9]{10}$/)
    const password = await page.inputValue('#password')
    await page.check('#keep')
    await page.click('#save')
    await page.locator('#home').waitFor()
    t.ok(((await visited.context.cookies())[0]?.expires ?? 0) > Date.now() / 1_000, 'this device is remembered')
    t.equal(await page.locator('#shown-password').textContent(), password, 'the new password is shown once')
    await page.click('#tab-usage')
    await page.locator('.bucket').first().waitFor()
    t.match(await page.locator('#usage-body').innerText(),
      /Copilot Individual[\s\S]*Unlimited[\s\S]*213\.6 of 300 left/)
    await page.click('#tab-models')
    await page.locator('#models-body tbody tr').first().waitFor()
    const everything = await page.content()
    const token =
      emulator.requests.findLast(request => request.path === '/copilot_internal/v2/token')?.headers.authorization
        ?.replace('token ', '') ?? 'none'
    t.notMatch(everything, new RegExp(token), 'the GitHub token is nowhere in the page')
    const stored = await page.evaluate(() =>
      JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])
    )
    t.match(stored, 'mona-lisa', 'the page remembers who was saved')
    t.notMatch(stored, /acp[cks]-|gh[ou]_/, 'and no secret is stored')
    await page.reload()
    await page.locator('#home').waitFor()
    t.notMatch(await page.content(), new RegExp(password), 'after a reload the password is nowhere in the page')
    await end(t, visited)
  })

  await t.test('a password has no bias and needs nothing that plain http lacks', async t => {
    const visited = await visit(browser, origin)
    await offerSources(visited.page)
    const counts = await visited.page.evaluate(async () => {
      const path: string = '/assets/lib/password.js'
      const { generatePassword } = await import(path) as {
        generatePassword: (fill?: (bytes: Uint8Array) => Uint8Array) => string,
      }
      // Tries each byte: every letter must come from the same number of bytes, and the last eight bytes from none.
      const seen = new Map<string, number>()
      for (let byte = 0; byte < 248; byte++) {
        const letter = generatePassword(bytes => bytes.fill(byte)).slice(-1)
        seen.set(letter, (seen.get(letter) ?? 0) + 1)
      }
      let calls = 0
      const rejected = generatePassword(bytes => bytes.fill(calls++ < 3 ? 248 + calls : 7))
      return { letters: seen.size, times: [...new Set(seen.values())], calls, rejected, real: generatePassword() }
    })
    t.same({ ...counts, real: '' }, { letters: 62, times: [4], calls: 4, rejected: 'acpc-HHHHHHHHHH', real: '' })
    t.match(counts.real, /^acpc-[A-Za-z0-9]{10}$/)
    await end(t, visited)
  })

  await t.test('device flow: denied, expired, slowed down, offline, cancelled, out of starts', async t => {
    const visited = await visit(browser, origin)
    const { page } = visited
    const problem = page.locator('#github-link .problem')
    const state = page.locator('.device .state')
    emulator.fault({ path: '/login/oauth/access_token' }, { kind: 'status', status: 200,
      body: '{"error":"authorization_pending"}' }, 1)
    await button(page, 'Link GitHub').click()
    emulator.deny(await page.locator('.code').textContent() ?? '')
    await problem.waitFor()
    t.match(await problem.textContent() ?? '', /denied/)

    emulator.fault({ path: '/login/oauth/access_token' }, { kind: 'status', status: 200,
      body: '{"error":"expired_token"}' }, 1)
    await button(page, 'Link GitHub').click()
    await page.getByText('The code expired').waitFor()

    emulator.fault({ path: '/login/oauth/access_token' }, { kind: 'status', status: 200,
      body: '{"error":"incorrect_device_code","error_description":"No <b>such</b> code."}' }, 1)
    await button(page, 'Link GitHub').click()
    await page.getByText('Linking failed. No <b>such</b> code.').waitFor()

    emulator.fault({ path: '/login/device/code' }, { kind: 'status', status: 503, body: 'down' }, 1)
    await button(page, 'Link GitHub').click()
    await page.getByText('Linking failed. GitHub answered the device flow with status 503.').waitFor()

    // The test fulfils the requests for the other states, so it need not wait.
    const replies = [{ status: 429, body: { status: 'slow_down', interval: 0.3 } }, { status: 502,
      body: { status: 'upstream-error', error: { message: 'GitHub cannot be reached.', code: 'upstream_error' } } }]
    const shown: string[] = []
    await page.route('**/github/poll-device-code', async route => {
      shown.push(await state.textContent() ?? '')
      const reply = replies.shift()
      return reply === undefined ? route.continue() : route.fulfill({ status: reply.status, json: reply.body })
    })
    await link(page)
    t.match(shown.join('|'), /enter the code[^|]*\|GitHub asks the page to wait longer[^|]*\|No answer just now/)
    await page.unroute('**/github/poll-device-code')

    // Cancels during a poll that will succeed: the token must not arrive.
    await page.getByRole('button', { name: 'Use another account' }).click()
    let release = () => {}
    const polled = new Promise<void>(resolve => {
      void page.route('**/github/poll-device-code', async route => {
        resolve()
        await new Promise<void>(go => {
          release = go
        })
        await route.fulfill({ status: 200, json: { access_token: 'ghu_late0000000000000000000000000000' } }).catch(
          () => {},
        )
      })
    })
    await button(page, 'Link GitHub').click()
    await polled
    await button(page, 'Cancel').click()
    release()
    await page.waitForTimeout(300)
    t.equal(await page.getByText('GitHub is linked').count(), 0, 'a cancelled run stays cancelled')
    t.ok(await button(page, 'Link GitHub').isEnabled(), 'and can be started again')

    await page.route('**/github/get-device-code',
      route =>
        route.fulfill({ status: 429, headers: { 'retry-after': '120' },
          json: { status: 'rate-limited',
            error: { message: 'Too many device codes were asked for from this address. Try again later.',
              code: 'rate_limited' } } }))
    await button(page, 'Link GitHub').click()
    await page.getByText('Too many device codes were asked for from this address. Try again later. Try again in 2 min.')
      .waitFor()
    await end(t, visited)
  })

  await t.test('a pasted token: unusable kinds are named, a good one works, a revoked one is not saved', async t => {
    const visited = await visit(browser, origin)
    const { page } = visited
    await page.getByRole('button', { name: 'Paste a token instead' }).click()
    const problem = page.locator('#register-problem')
    const attempt = async (token: string, wanted: RegExp) => {
      await page.getByLabel('GitHub token').fill(token)
      await page.click('#save')
      await problem.filter({ hasText: wanted }).waitFor()
      t.match(await problem.textContent() ?? '', wanted)
    }
    await page.fill('#username', 'paster')
    await attempt('', /Link your GitHub account first/)
    await attempt(`ghp_${'a'.repeat(36)}`, /personal access token/)
    await attempt('hello', /must begin with ghu_, gho_ or github_pat_/)
    await attempt(emulator.addSeat({ state: 'revoked' }).githubToken, /no longer accepts the token/)
    await attempt(emulator.addSeat({ state: 'no-seat' }).githubToken, /no Copilot/)
    await page.getByLabel('GitHub token').fill(emulator.addSeat().githubToken)
    await page.fill('#username', '')
    await page.click('#save')
    await page.getByText('Choose a user name.').waitFor()
    await page.fill('#username', 'admin')
    await page.click('#save')
    await page.getByText('a word this proxy uses itself').waitFor()
    await page.fill('#username', 'paster')
    await page.click('#save')
    await page.locator('#home').waitFor()
    await end(t, visited)
  })

  await t.test('sign in: wrong password, right password, a taken name', async t => {
    const person = await register(site)
    const visited = await visit(browser, origin)
    const { page } = visited
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.fill('#in-username', person.username)
    await page.fill('#in-password', 'nonsense')
    await page.click('#sign-in-button')
    await page.getByText('A password is acpc- and ten letters or digits.').waitFor()
    await page.fill('#in-password', 'acpc-wrongwrong')
    await page.keyboard.press('Enter')
    await page.getByText(/^User name or password is wrong\./).waitFor() // A KV store adds a hint.
    await page.fill('#in-password', person.password)
    await page.keyboard.press('Enter')
    await page.locator('#home').waitFor()
    t.equal(await page.locator('#shown-password').count(), 0, 'the page does not have it')
    t.notMatch(await page.content(), new RegExp(person.password))
    t.equal(await page.inputValue('#in-password'), '')
    await button(page, 'Sign out').click()
    await page.locator('#door').waitFor()
    t.notMatch(await page.content(), new RegExp(person.password), 'and no longer in the page afterwards')

    await page.getByRole('tab', { name: 'Get access' }).click()
    await link(page)
    await page.fill('#username', person.username)
    await page.click('#save')
    await page.getByText('This name is taken').waitFor()
    await end(t, visited)
  })

  await t.test('an answer that is not the proxy’s is an error, and signs no user in', async t => {
    const visited = await visit(browser, origin)
    const { page, context } = visited
    await context.route('**/session',
      route => route.fulfill({ status: 200, contentType: 'text/html', body: '<p>Log in to the hotel Wi-Fi</p>' }))
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.fill('#in-username', 'somebody')
    await page.fill('#in-password', 'acpc-0123456789')
    await page.click('#sign-in-button')
    await page.locator('#sign-in-problem', { hasText: /Between the browser and this server: The answer is not from/ })
      .waitFor()
    t.equal(await page.locator('#home').isVisible(), false)
    await end(t, visited)
  })

  await t.test('the connection test names the step that fails, and says what to do', async t => {
    const person = await register(site)
    const visited = await visitAs(browser, origin, person)
    const { page } = visited
    const run = async () => {
      await page.click('#test-run')
      await page.locator('#test-state', { hasText: /\S/ }).waitFor()
      await page.locator('#test-run[aria-busy]').waitFor({ state: 'detached' })
      return Object.fromEntries(
        await page.locator('#test-list li').evaluateAll(items =>
          items.map(item => [(item as HTMLElement).dataset.step, item.className])
        ),
      )
    }
    await page.locator('#home').waitFor()
    t.same(await run(), { proxy: 'pass', session: 'pass', token: 'pass', seat: 'pass', host: 'pass', models: 'pass',
      answer: 'pass' })
    await page.getByRole('button', { name: 'Copy report' }).waitFor()
    emulator.fault({ path: '/chat/completions' }, { kind: 'status', status: 500, body: '{"error":{"message":"boom"}}' },
      9)
    const broken = await run()
    emulator.clearFaults()
    t.equal(broken.answer, 'fail')
    await page.route('**/v1/models', route => route.fulfill({ json: { object: 'list', data: [] } }))
    t.same(await run(), { proxy: 'pass', session: 'pass', token: 'pass', seat: 'fail', host: 'skip', models: 'skip',
      answer: 'skip' })
    t.match(await page.locator('#test-list').innerText(), /github\.com\/settings\/copilot/)
    await page.unroute('**/v1/models')
    await page.route('**/v1/usage', route =>
      route.fulfill({ status: 403, json: {
        error: { message: 'GitHub does not show this seat.', type: 'x', param: null, code: 'github_token_rejected' },
      } }))
    const revoked = await run()
    t.equal(revoked.token, 'fail')
    t.match(await page.locator('#test-list').innerText(), /Link GitHub again/)
    await page.unroute('**/v1/usage')
    await page.route('**/readyz',
      route =>
        route.fulfill({ status: 503,
          json: { status: 'kv-missing', store: 'cloudflare-kv', registration: 'open', version: '1' } }))
    t.equal((await run()).proxy, 'fail')
    await end(t, visited)
  })

  await t.test('after the connection test, the witness lists its questions, asks them and shows a report', async t => {
    const visited = await visitAs(browser, origin, await register(site))
    const { page } = visited
    await page.locator('#home').waitFor()
    t.equal(await page.locator('#witness-open').count(), 0, 'not before the test')
    await page.click('#test-run')
    await page.click('#witness-open')
    await page.getByText('13 small questions').waitFor()
    t.match(await page.locator('#witness').innerText(), /6 of them in at most 256 tokens/)
    const before = emulator.requests.length
    await page.getByText('What it asks').click()
    t.match(await page.locator('#witness ul').innerText(), /129 tools/)
    t.equal(emulator.requests.length, before, 'nothing is sent before the button is pressed')
    emulator.fault({ model: 'witness-unknown-model' }, { kind: 'status', status: 404,
      body: '{"error":{"code":"gone"}}' })
    await page.click('#witness-run')
    await page.getByText(/\d+ facts as expected, 1 different, 0 new\./).waitFor()
    t.match(await page.locator('#witness').innerText(), /Seen: status 404, code gone\./)
    await page.getByRole('button', { name: 'Copy report of the witness' }).waitFor()
    t.same(await axeProblems(page), [])
    emulator.clearFaults()
    await end(t, visited)
  })

  await t.test('update, rotate and delete, each with the password', async t => {
    const person = await register(site)
    const visited = await visitAs(browser, origin, person)
    const { page } = visited
    await page.locator('#home').waitFor()
    await page.click('#tab-account')
    await button(page, 'Link GitHub again').click()
    const relink = page.locator('#relink-dialog')
    await relink.getByRole('button', { name: 'Save' }).click()
    await relink.getByText('Link your GitHub account first.').waitFor()
    await relink.getByRole('button', { name: 'Link GitHub', exact: true }).click()
    await relink.getByText('GitHub is linked').waitFor()
    await relink.getByRole('button', { name: 'Save' }).click()
    await relink.getByText('Type the whole password').waitFor()
    await relink.getByLabel('Your password').fill(person.password)
    await relink.getByRole('button', { name: 'Save' }).click()
    await page.locator('#banner', { hasText: 'GitHub is linked again.' }).waitFor()

    await page.click('#tab-account')
    await button(page, 'Change password').click()
    await page.getByLabel('Your current password').fill('acpc-0000000000')
    await button(page, 'Make a new password').click()
    await page.getByText('That is not the password. Nothing was changed.').waitFor()
    await page.getByLabel('Your current password').fill(person.password)
    await button(page, 'Make a new password').click()
    await page.locator('#banner', { hasText: 'The password has changed' }).waitFor()
    const password = await page.locator('#shown-password').textContent() ?? ''
    t.match(password, /^acpc-[A-Za-z0-9]{10}$/)
    t.ok(password !== person.password)
    const status = async (key: string) =>
      (await fetch(`${origin}/${person.username}/v1/usage`, { headers: { authorization: `Bearer ${key}` } })).status
    t.same([await status(person.password), await status(password)], [401, 200],
      'the old password fails, the new one works')

    await page.click('#tab-account')
    await button(page, 'Delete user').first().click()
    const gone = page.locator('#delete-dialog')
    await gone.getByLabel('Type your password to confirm').fill(person.password)
    await gone.getByRole('button', { name: 'Delete user' }).click()
    await gone.getByText('That is not the password. Nothing was changed.').waitFor()
    await gone.getByLabel('Type your password to confirm').fill(password)
    await page.keyboard.press('Enter')
    await page.locator('#banner', { hasText: 'are deleted' }).waitFor()
    t.equal(await status(password), 401)
    await end(t, visited)
  })

  await t.test('settings are copied completely, and SDKs work with them', async t => {
    const visited = await visit(browser, origin, '/', { permissions: ['clipboard-read', 'clipboard-write'] })
    const { page } = visited
    const person = await enter(page, 'sdk-user')
    await page.locator('#snippet-model option[value="gpt-4.1"]').waitFor({ state: 'attached' })
    await page.selectOption('#snippet-model', 'gpt-4.1')
    const keys = new Map<string, string>()
    /** Creates a key for the tool first, as its button offers. */
    const copied = async (client: string, at = 0) => {
      await page.click(`#client-${client}`)
      if (!keys.has(client)) {
        t.match(await page.locator('#client-panel').innerText(), /YOUR_KEY|connect\/zed/, client)
        await page.click('#tool-key-create')
        keys.set(client, await page.locator('#tool-key').textContent() ?? '')
      }
      const settings = page.locator('#client-panel .snippet, #client-panel .places')
      t.notMatch((await settings.allInnerTexts()).join(), keys.get(client) ?? '', `${client}: hidden on the screen`)
      await settings.locator('.copy').nth(at).click()
      await settings.locator('.copy.done').first().waitFor()
      const text = await page.evaluate(() => navigator.clipboard.readText())
      t.notMatch(text, person.password)
      return text
    }
    const js = await copied('openai-js')
    const baseURL = /baseURL: '([^']+)'/.exec(js)?.[1] ?? ''
    const apiKey = /apiKey: '([^']+)'/.exec(js)?.[1] ?? ''
    t.equal(apiKey, keys.get('openai-js'))
    const answer = await new OpenAI({ baseURL, apiKey, maxRetries: 0 }).chat.completions.create({
      model: /model: '([^']+)'/.exec(js)?.[1] ?? '',
      messages: [{ role: 'user', content: 'Hello!' }],
    })
    t.match(answer.choices[0]?.message.content ?? '', /Hello/)

    const anthropicJs = await copied('anthropic-js')
    const client = new Anthropic({ baseURL: /baseURL: '([^']+)'/.exec(anthropicJs)?.[1] ?? '',
      authToken: /authToken: '([^']+)'/.exec(anthropicJs)?.[1] ?? '', apiKey: null, maxRetries: 0 })
    const models = await client.models.list()
    t.ok(models.data.length > 0, 'the Anthropic settings reach the proxy')

    const claude = JSON.parse(await copied('claude-code', 2)) as { env: Record<string, string> }
    t.equal(claude.env.ANTHROPIC_BASE_URL, `${origin}/${person.username}`)
    t.equal(claude.env.ANTHROPIC_AUTH_TOKEN, keys.get('claude-code'))
    t.match(claude.env, { ANTHROPIC_MODEL: 'gpt-4.1', ANTHROPIC_DEFAULT_OPUS_MODEL: /^claude-opus-/,
      ANTHROPIC_DEFAULT_SONNET_MODEL: /^claude-sonnet-/, ANTHROPIC_DEFAULT_HAIKU_MODEL: /./,
      CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000', CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1' })
    t.notOk('CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC' in claude.env)
    t.match(await copied('codex', 1),
      /# model_catalog_json[^]*\nmodel_context_window = 128000\n[^]*wire_api = "responses"/)
    const saving = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Save copilot-models.json' }).click()
    const file = await saving
    t.equal(file.suggestedFilename(), 'copilot-models.json')
    const catalogue = JSON.parse(await readFile(await file.path(), 'utf8')) as { models: { slug: string }[] }
    t.ok(catalogue.models.some(({ slug }) => slug === 'gpt-4.1'), "Codex's catalogue has the seat's models")
    t.match(JSON.parse(await copied('opencode', 1)), { model: 'copilot-proxy/gpt-4.1', provider: {
      'copilot-proxy': {
        models: {
          'gpt-4.1': { attachment: true, tool_call: true, modalities: { input: ['text', 'image'], output: ['text'] },
            limit: { context: 128_000, input: 128_000, output: 16_384 } },
        },
      },
    } })
    for (const [tab, id] of Object.entries({ 'claude-code': 'claude', codex: 'codex', gemini: 'gemini', zed: 'zed' })) {
      t.equal(await copied(tab), `curl -fsSL ${origin}/connect/${id}.sh | sh -s -- ${person.username} --model gpt-4.1`)
    }
    for (const id of ['cursor', 'cline', 'open-webui', 'aider', 'openai-python', 'anthropic-python', 'curl']) {
      t.ok((await copied(id)).length > 0, id)
    }
    t.match(await copied('curl'), new RegExp(`${origin}/${person.username}/v1/chat/completions`))
    const { json } = await call(`${origin}/${person.username}/v1/keys`, { headers: { 'x-api-key': person.password } })
    t.same(json.data.map(({ name }: Json) => name).sort(), [...keys.keys()].sort(), 'one key for each tool')
    await end(t, visited)
  })

  await t.test('a seat that may name no model gets settings for auto, and a personal token has no quota', async t => {
    const student = await register(site, { kind: 'student' })
    const visited = await visitAs(browser, origin, student)
    const { page } = visited
    await page.locator('#snippet-model option[value="auto"]').waitFor({ state: 'attached' })
    t.same(
      await page.locator('#snippet-model option').evaluateAll(options =>
        options.map(option => option.getAttribute('value'))
      ),
      ['auto'],
    )
    t.match(await page.locator('#client-panel').innerText(), /ANTHROPIC_DEFAULT_HAIKU_MODEL=auto/)
    await page.click('#test-run')
    await page.locator('#test-list li[data-step="answer"]').filter({ hasText: /no model of this seat is free/ })
      .waitFor()
    await end(t, visited)
    const person = await register(site, { githubToken: `github_pat_${'1'.repeat(22)}_${'a'.repeat(59)}` })
    const other = await visitAs(browser, origin, person, '/#usage')
    await other.page.locator('#usage-body').filter({ hasText: /no quota to this kind of token/ }).waitFor()
    await end(t, other)
  })

  await t.test('usage: the free plan, a seat over its quota, one without, and requests through this proxy', async t => {
    const look = async (seat: Parameters<typeof register>[1], wanted: readonly RegExp[]) => {
      const person = await register(site, seat)
      await fetch(`${origin}/${person.username}/v1/chat/completions`, { method: 'POST',
        headers: { authorization: `Bearer ${person.password}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model: 'gpt-4.1', messages: [{ role: 'user', content: 'hi' }] }) })
      const visited = await visitAs(browser, origin, person, '/#usage')
      await visited.page.getByRole('region', { name: 'Usage by model' }).waitFor()
      const text = await visited.page.locator('#usage-body').innerText()
      for (const pattern of wanted) t.match(text, pattern)
      await end(t, visited)
    }
    await look({ kind: 'free' }, [/Copilot Free/, /of 500 left/, /every request counts/,
      /Code completions[\s\S]*4,000 of 4,000 left/])
    await look({ kind: 'negative' }, [/0 of 300 left/, /1 more than included/])
    await look({ kind: 'bare' }, [/GitHub names no quotas/, /1 request · 0 AI credits/, /gpt-4\.1/])
  })

  await t.test('models: search, filters, prices, consent', async t => {
    const visited = await visitAs(browser, origin, await register(site), '/#models')
    const { page } = visited
    const rows = page.locator('#models-body tbody tr')
    await rows.first().waitFor()
    t.match(await rows.first().innerText(), /free/)
    await page.getByLabel('Search models').fill('grok')
    t.equal(await rows.count(), 1)
    t.match(await rows.first().innerText(), /0\.25×[\s\S]*needs consent/)
    await page.getByLabel('Search models').fill('gpt-5.2')
    t.match(await rows.first().innerText(), /175 \/ 1\.4K credits/)
    await page.getByLabel('Search models').fill('nothing like it')
    await page.getByRole('button', { name: 'Show all' }).click()
    await page.getByLabel('Vision').check()
    for (const text of await rows.allInnerTexts()) t.match(text, /vision/)
    await page.getByRole('button', { name: 'Use claude-sonnet-4.5 in the settings of tools' }).click()
    t.equal(await page.inputValue('#snippet-model'), 'claude-sonnet-4.5')
    await end(t, visited)
  })

  await t.test('the page shows the server’s state: kv-missing, closed, code', async t => {
    const open = async (state: object) => {
      const context = await browser.newContext()
      await context.route('**/readyz',
        route =>
          route.fulfill({ status: 200,
            json: { status: 'ok', store: 'sqlite', registration: 'open', version: '1', ...state } }))
      const page = await context.newPage()
      await page.goto(origin)
      await page.locator('html[data-ready]').waitFor({ state: 'attached' })
      return page
    }
    const missing = await open({ status: 'kv-missing', store: 'cloudflare-kv' })
    t.match(await missing.locator('#banner').innerText(), /CF_API_TOKEN[\s\S]*TOKEN_KV/)
    const closed = await open({ registration: 'closed' })
    t.equal(await closed.getByRole('tab', { name: 'Sign in' }).getAttribute('aria-selected'), 'true')
    await closed.getByRole('tab', { name: 'Get access' }).click()
    await closed.getByText('This proxy takes new users by invite only', { exact: true }).waitFor()
    const code = await open({ registration: 'code' })
    t.ok(await code.getByLabel('Registration code').isVisible())
    for (const page of [missing, closed, code]) await page.context().close()
  })

  await t.test('a first sign-in that gets 401 while KV spreads is tried again', async t => {
    const visited = await visit(browser, origin)
    const { page, context } = visited
    await context.route('**/readyz',
      route => route.fulfill({ json: { status: 'ok', store: 'cloudflare-kv', registration: 'open', version: '1' } }))
    await page.reload()
    await page.locator('html[data-ready]').waitFor({ state: 'attached' })
    let refusals = 1
    await context.route('**/session',
      route =>
        route.request().method() === 'GET' && refusals-- > 0
          ? route.fulfill({ status: 401,
            json: { error: { message: 'Token is invalid.', type: 'x', param: null, code: 'invalid_api_key' } } })
          : route.continue())
    await enter(page, 'spread-one')
    await page.locator('#home-state', { hasText: 'spreading through Cloudflare’s network' }).waitFor()
    await page.locator('#home-state').waitFor({ state: 'hidden' })
    const password = await page.locator('#shown-password').textContent() ?? ''
    await button(page, 'Sign out').click()
    refusals = 1
    await page.getByRole('tab', { name: 'Sign in' }).click()
    await page.fill('#in-username', 'spread-one')
    await page.fill('#in-password', password)
    await page.click('#sign-in-button')
    await page.locator('#sign-in-state', { hasText: 'spreading' }).waitFor()
    await page.locator('#home').waitFor()
    await end(t, visited)
  })

  await t.test('everything works on a plain http origin that is not loopback, copying too', async t => {
    const remote = origin.replace(/\/\/[^:/]+/, `//${remoteHost}`)
    const visited = await visit(browser, remote)
    const { page } = visited
    t.same(
      await page.evaluate(
        () => [isSecureContext, typeof navigator.clipboard, typeof crypto.subtle, typeof crypto.randomUUID]
      ),
      [false, 'undefined', 'undefined', 'undefined'],
    )
    const person = await enter(page, 'vps-user')
    await page.locator('#credentials-list .copy').first().click()
    await page.locator('#credentials-list .copy.done').waitFor()
    t.equal(await page.locator('#credentials-list dd').first().textContent(), `${remote}/${person.username}/v1`)
    await page.click('#client-cursor')
    t.match(await page.locator('#client-panel').innerText(), /behind https/)
    await end(t, visited)
  })

  await t.test('H55: an address cannot put anything into the page', async t => {
    const visited = await visit(browser, origin,
      `/?status=${encodeURIComponent('<svg/onload=alert(1)>')}&username=${
        encodeURIComponent('"><img src=x onerror=alert(1)>')
      }`)
    const { page } = visited
    t.notMatch(await page.content(), /onload=|onerror=/)
    t.equal(await page.locator('#banner').isVisible(), false)
    await page.goto(`${origin}/?status=__proto__`)
    await page.goto(`${origin}/?status=auth-failed`)
    await page.locator('#banner', { hasText: 'User name or password is wrong, or' }).waitFor()
    t.equal(new URL(page.url()).search, '', 'and the status is removed from the address')
    await end(t, visited)
  })

  await t.test('without JavaScript the page says what it needs', async t => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(origin)
    t.match(await page.locator('noscript').innerText(), /This page needs JavaScript/)
    await context.close()
  })

  for (const colorScheme of ['light', 'dark'] as const) {
    await t.test(`axe finds nothing, ${colorScheme}, wide and 375 px, signed out and in`, async t => {
      const person = await register(site)
      for (const width of [1280, 375]) {
        const out = await visit(browser, origin, '/', { colorScheme, viewport: { width, height: 800 } })
        t.same(await axeProblems(out.page), [], `door, ${width}`)
        t.equal(await out.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true,
          'nothing overflows')
        await end(t, out)
        const home = await visitAs(browser, origin, person, '/', { colorScheme, viewport: { width, height: 800 } })
        await home.page.click('#test-run')
        await home.page.getByText('Everything works.').waitFor()
        t.same(await axeProblems(home.page), [], `home, ${width}`)
        t.equal(await home.page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), true,
          'nothing overflows')
        await end(t, home)
      }
    })
  }

  await t.test('the keyboard alone is enough', async t => {
    const visited = await visit(browser, origin)
    const { page } = visited
    await page.keyboard.press('Tab')
    t.equal(await page.evaluate(() => document.activeElement?.textContent), 'Skip to content')
    await page.locator('#tab-register').focus()
    await page.keyboard.press('ArrowRight')
    t.equal(await page.locator('#panel-sign-in').isVisible(), true)
    await page.keyboard.press('ArrowLeft')
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.getByText('GitHub is linked').waitFor()
    await page.locator('#username').focus()
    await page.keyboard.type('keys')
    await page.keyboard.press('Enter')
    await page.locator('#home').waitFor()
    t.equal(await page.evaluate(() => document.activeElement?.id), 'home-title', 'the focus follows')
    await end(t, visited)
  })
}
