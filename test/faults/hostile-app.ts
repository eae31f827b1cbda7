// H18 to H22, H26, H29 to H36 and H48 to H60: well-formed HTTP with hostile content. H59 is in test/pages/chat.ts,
// which has the browser.
import { ceiling } from '../fixtures/ceiling.ts'
import { call, readEvents } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import { ask, bodyOf, ends, paths, raw, type Faults, type Wanted } from './frame.ts'

const dialects = Object.keys(paths) as Wanted[]
const key = ({ password }: User) => ({ authorization: `Bearer ${password}` })

export function hostileApp ({ fault, faultWith, target }: Faults): void {
  const { origin } = target
  const models = (username: string, password: string, headers: Record<string, string> = {}) =>
    call(`${origin}/${username}/v1/models`, { headers: { authorization: `Bearer ${password}`, ...headers } })

  fault("H18, H26 a correct password on another's path, and JavaScript property names as users: as any unknown user",
    async (t, target) => {
      const [alice, bob] = [await target.addUser(), await target.addUser()]
      const texts = new Set<string>()
      for (const username of [bob.username, target.newName(), 'constructor', 'prototype', 'tostring',
        'hasownproperty']) {
        const { status, text } = await models(username, alice.password)
        t.equal(status, 401, username)
        texts.add(text)
      }
      t.equal(texts.size, 1)
    })

  faultWith({ AUTH_FAILURES_PER_MINUTE: '10' },
    'H19, H20, H21 a hundred wrong passwords: 429 by the 20th, whatever X-Forwarded-For is; a warm user is served',
    async (t, own) => {
      const alice = await own.addUser()
      t.equal((await ask(alice)).status, 200)
      const got: number[] = []
      for (let n = 0; n < 40; n++) {
        const { status, headers } = await call(`${own.origin}/${alice.username}/v1/models`, {
          headers: { authorization: `Bearer ${own.newPassword()}`, 'x-forwarded-for': `198.51.100.${n}` },
        })
        got.push(status)
        if (status === 429) t.ok(Number(headers.get('retry-after')) >= 1)
        if (n % 10 === 0) t.equal((await ask(alice)).status, 200)
      }
      t.same(new Set(got.slice(0, 10)), new Set([401]))
      t.same(new Set(got.slice(20)), new Set([429]))
    })

  fault('H22 a password in the query or a cookie is ignored and not logged', async (t, target) => {
    const { username, password } = await target.addUser()
    const secret = target.newPassword()
    t.equal((await call(`${origin}/${username}/v1/models?password=${secret}&api_key=${password}&key=${password}`, {
      headers: { cookie: `authorization=Bearer ${password}` },
    })).status, 401)
    t.notMatch(target.logs(), new RegExp(`${secret}|${password}`))
  })

  fault('H29, H30, H31 malformed account types: 400; in query or body: ignored; no such host is called',
    async (t, target) => {
      const user = await target.addUser()
      for (const label of ['ENTERPRISE', 'a.b', 'evil.com/', 'evil.com#', '-a', 'a-', 'a b', 'a'.repeat(64), '%2e',
        'enterprise, evil', 'a@b', 'a:1']) {
        t.equal((await ask(user, 'chat', {}, { 'x-copilot-account-type': label })).status, 400, label)
      }
      t.same(target.seen(paths.chat), [])
      t.equal((await ask(user, 'chat', {}, { 'x-copilot-account-type': '' })).status, 200)
      const { status } = await call(`${user.base}/chat/completions?x-copilot-account-type=evil`, {
        json: bodyOf('chat', { 'x-copilot-account-type': 'evil' }),
        headers: { ...key(user), x_copilot_account_type: 'evil' },
      })
      t.equal(status, 200)
      t.same(new Set(target.seen(paths.chat).map(({ label }) => label)), new Set(['individual']))
    })

  fault('H32 body keys that name hosts or headers have no effect', async (t, target) => {
    const user = await target.addUser()
    const keys = { api_base: `${origin}/evil`, base_url: `${origin}/evil`, url: 'x', host: 'evil',
      headers: { authorization: 'x' }, extra_headers: { authorization: 'evil' } }
    for (const dialect of dialects) t.ok([200, 400].includes((await ask(user, dialect, keys)).status), dialect)
    for (const { headers, host } of target.seen().filter(({ method }) => method === 'POST')) {
      t.match([host, headers['authorization']], ['plan', `Bearer ${user.seat.tokensIssued[0] ?? ''}`])
    }
  })

  fault('H33, H34 malformed JSON, or keys like __proto__: 400 or no effect, and later requests are unaffected',
    async (t, target) => {
      const user = await target.addUser()
      const send = (dialect: Wanted, body: string | Uint8Array<ArrayBuffer>) =>
        call(`${user.base}${dialect === 'messages' ? '/messages' : paths[dialect]}`, { method: 'POST', body,
          headers: { 'content-type': 'application/json', ...key(user) } })
      for (const dialect of dialects) {
        for (const body of ['{', '', 'null', '[]', '"x"', '1', '{"a":NaN}', '{"a":1,}', '{"a":1}x', "{'a':1}"]) {
          t.match(await send(dialect, body), { status: 400, json: { error: { message: String } } },
            `${dialect}: ${body}`)
        }
        const good = JSON.stringify(bodyOf(dialect))
        for (const body of [`\uFEFF${good}`, good.replace('{', '{"__proto__":{"stream":true,"isAdmin":1},'),
          good.replace('{', '{"constructor":{"prototype":{"stream":true}},'),
          good.replace('{', '{"model":"a","model":"b",')]) {
          const { status, json } = await send(dialect, body)
          t.ok([200, 400, 404].includes(status), `${dialect}: ${status} to ${body.slice(0, 30)}`)
          t.equal(typeof json, 'object')
        }
      }
      t.equal(({} as Record<string, unknown>)['isAdmin'], undefined)
      for (const { json, method } of target.seen()) t.ok(method !== 'POST' || json !== undefined, 'upstream gets JSON')
    })

  fault('H35, H36 deep, wide, long and unusual JSON: 200 or 400 within a second or two, never 500',
    async (t, target) => {
      const user = await target.addUser()
      const send = (body: string | Uint8Array<ArrayBuffer>) =>
        call(`${user.base}/chat/completions`, { method: 'POST', body,
          headers: { 'content-type': 'application/json', ...key(user) } })
      for (const depth of [200, 5_000, 100_000, 1_000_000]) {
        const from = performance.now()
        t.match(await send(`{"messages":${'['.repeat(depth)}${']'.repeat(depth)}}`), { status: 400 }, `${depth} deep`)
        t.match(await send(`{"messages":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}`), { status: 400 })
        t.ok(performance.now() - from < ceiling(4_000))
      }
      const hi = '"messages":[{"role":"user","content":"hi"}]'
      const wide = `{${hi},${Array.from({ length: 500_000 }, (_, at) => `"k${at}":0`).join(',')}}`
      const long = `{"messages":[{"role":"user","content":"${'x'.repeat(8_000_000)}"}]}`
      for (const body of [wide, long, `{${hi},"seed":1e400}`, '{"messages":[{"role":"user","content":"\\ud800"}]}',
        new Uint8Array([...Buffer.from('{"messages":[{"role":"user","content":"'), 0xff, 0xc0,
          ...Buffer.from('"}]}')])]) {
        const { status } = await send(body)
        t.ok([200, 400, 413].includes(status), `${status} to ${String(body).slice(0, 40)}`)
      }
      for (const { json, method } of target.seen()) t.ok(method !== 'POST' || json !== undefined, 'upstream gets JSON')
    })

  fault('H48, H49 fields of the wrong type: 400, never 500; the model is never part of an address or a header',
    async (t, target) => {
      const user = await target.addUser(undefined, {
        quota: { entitlement: 1e6, remaining: 1e6, overage: 0, overagePermitted: false },
      })
      const odd: unknown[] = [null, 0, -1, '5', 1e99, true, {}, [], [null], ['x'], [[]], [{}], [{ role: 'x' }], [{
        role: 'user',
      }], [{ role: 'user', content: 5 }], [{ role: 'user', content: [{}] }], [{ role: 'tool', content: 'x' }], [{
        type: 'x',
      }], 'a\nb', '../../x', 'm'.repeat(10_000)]
      const fields = ['model', 'messages', 'input', 'max_tokens', 'max_output_tokens', 'stream', 'tools', 'tool_choice',
        'stop', 'stop_sequences', 'system', 'instructions', 'temperature', 'metadata', 'thinking', 'reasoning',
        'response_format', 'text', 'stream_options', 'previous_response_id', 'n']
      for (const dialect of dialects) {
        for (const field of fields) {
          for (const value of odd) {
            const { status, json, text } = await ask(user, dialect, { [field]: value })
            if (status >= 500 || (status !== 200 && typeof json?.error?.message !== 'string')
              || (status === 200 && json === undefined && !text.includes('data: '))) {
              t.fail(`${dialect}: ${status} to ${field} = ${JSON.stringify(value).slice(0, 60)}: ${text.slice(0, 200)}`)
            }
          }
        }
        t.ok(
          [200, 400].includes((await ask(user, dialect, dialect === 'responses'
            ? { input: Array(10_000).fill({ role: 'user', content: 'x' }) }
            : { messages: Array(10_000).fill({ role: 'user', content: 'x' }) })).status),
          `${dialect}: 10,000 items`,
        )
      }
      for (const { path, headers } of target.seen().filter(({ method }) => method === 'POST')) {
        if (!Object.values(paths).includes(path as '/responses')) t.fail(`called ${path}`)
        if (Object.values(headers).some(value => /\.\.\/|mmmm/.test(value))) t.fail('the model is in a header')
      }
      target.emulator.problems.length = 0 // The emulator's own rules refuse some of these; that is upstream's 400.
    })

  fault('H50 line ends and events in names and texts stay inside their JSON', async (t, target) => {
    const user = await target.addUser()
    const evil = 'a\r\n\r\ndata: [DONE]\n\nevent: error\ndata: {"x":1}\n\n'
    for (const dialect of dialects) {
      for (const model of ['gpt-4o', 'gpt-5-mini', 'claude-sonnet-4.5']) {
        target.emulator.answers.push({ text: [evil, 'end'],
          toolCalls: [{ name: 'f', arguments: JSON.stringify({ a: evil }) }] })
        const { text } = await ask(user, dialect, { model, stream: true })
        t.match(text, ends[dialect].good, `${dialect} from ${model}`)
        t.notMatch(text, /^event: error/m)
        const events = readEvents(text)
        t.ok(events.slice(0, -1).every(event => typeof event === 'object' || String(event).startsWith(':')),
          'every event but the last is JSON')
      }
    }
  })

  fault("H51 upstream's cookies, CORS, redirects and hundreds of headers do not reach the client",
    async (t, target) => {
      const user = await target.addUser()
      const headers = { 'set-cookie': 'a=b', 'access-control-allow-origin': 'https://evil', location: 'https://evil',
        'x-powered-by': 'evil', 'x-ratelimit-evil': 'a'.repeat(300),
        ...Object.fromEntries(Array.from({ length: 200 }, (_, at) => [`x-evil-${at}`, 'evil'])) }
      for (const dialect of dialects) {
        for (const stream of [true, false]) {
          target.emulator.fault({ path: paths[dialect] }, { kind: 'headers', headers })
          const got = await ask(user, dialect, { stream })
          t.equal(got.status, 200)
          t.notMatch(JSON.stringify([...got.headers]), /evil|set-cookie|location/)
        }
      }
    })

  fault("H52, H53, H54 POST / for another's name, from another site, or malformed: refused, and nothing changes",
    async (t, target) => {
      const user = await target.addUser()
      const { githubToken } = target.addSeat()
      const save = (fields: object, headers: Record<string, string> = {}) =>
        call(`${origin}/`, {
          json: { username: target.newName(), password: target.newPassword(), token: githubToken, ...fields },
          headers,
        })
      t.match(await save({ username: user.username }), { status: 403, json: { status: 'auth-failed' } })
      for (const headers of [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {
        origin: 'https://evil.example',
      }, { origin: 'null' }] as Array<Record<string, string>>) {
        t.match(await save({}, headers), { status: 403, json: { status: 'cross-site' } }, JSON.stringify(headers))
      }
      for (const fields of [{ token: `ghp_${'a'.repeat(36)}` }, { token: `ghu_${'a'.repeat(10_000)}` }, {
        token: `${githubToken}\nx`,
      }, { token: 7 }, { username: 'A' }, { username: ['a'] }, { password: 'x' }, { password: {} }]) {
        t.equal((await save(fields)).status, 400, JSON.stringify(fields).slice(0, 50))
      }
      const form = (body: string) =>
        call(`${origin}/`, { method: 'POST', body, headers: { 'content-type': 'application/x-www-form-urlencoded' } })
      t.equal((await form(`username=a&username=b&password=x&token=${githubToken}`)).status, 400)
      t.equal((await form(Array.from({ length: 1_000 }, (_, at) => `f${at}=1`).join('&'))).status, 400)
      t.equal((await form('x'.repeat(40_000))).status, 413)
      t.equal((await ask(user)).status, 200, 'as before')
    })

  fault('H55 markup in the query of a page is not in the page, which has its CSP and no user data',
    async (t, target) => {
      const user = await target.addUser()
      for (const path of ['/', '/chat']) {
        const { text, headers, status } = await call(
          `${origin}${path}?status=%3Csvg/onload=alert(1)%3E&username=%22%3E%3Cimg%20src=x%20onerror=alert(1)%3E`,
        )
        t.equal(status, 200)
        t.notMatch(text, new RegExp(`onload=alert|onerror=alert|${user.username}`))
        t.match(headers.get('content-security-policy'), /default-src 'none'.*require-trusted-types-for 'script'/)
      }
    })

  fault('H56, H58 a malformed device poll is 400, too fast a poll 429 without a call to GitHub, a foreign site 403',
    async (t, target) => {
      const poll = (body: unknown, headers: Record<string, string> = {}) =>
        call(`${origin}/github/poll-device-code`, { json: body, headers })
      for (const body of [{}, { device_code: {} }, { device_code: 'x'.repeat(10_000) }, { device_code: '../x' }, [],
        'x', null]) t.ok([400, 413].includes((await poll(body)).status), JSON.stringify(body).slice(0, 30))
      const { json: { device_code: code } } = await call(`${origin}/github/get-device-code`, { method: 'POST' })
      target.begin()
      const got = await Promise.all(Array.from({ length: 10 }, () => poll({ device_code: code })))
      // The emulator's interval is a tenth of a second, and a busy machine may take that long between two polls.
      t.ok(got.filter(({ status }) => status === 429).length >= 8)
      t.ok(target.seen().length <= 2)
      for (const path of ['/github/get-device-code', '/github/poll-device-code']) {
        const { status, headers } = await call(`${origin}${path}`, { json: { device_code: code },
          headers: { origin: 'https://evil.example' } })
        t.equal(status, 403)
        t.equal(headers.get('access-control-allow-origin'), null)
      }
    })

  faultWith({ DEVICE_STARTS_PER_10_MINUTES: '5' }, 'H57 a sixth device code in a minute: 429', async (t, own) => {
    const got: number[] = []
    for (let n = 0; n < 8; n++) {
      got.push((await call(`${own.origin}/github/get-device-code`, { method: 'POST' })).status)
    }
    t.same(got, [200, 200, 200, 200, 200, 429, 429, 429])
  })

  fault('H60 no path leads out of the folder of the pages', async t => {
    for (const path of ['/static/../package.json', '/%2e%2e/package.json', '/static%2f..%2fpackage.json', '/.env',
      '/.git/config', '/vendor/../../package.json', '/..%5cpackage.json', '/index.html%00.js']) {
      const { text, closed } = raw(origin, `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`)
      await closed
      t.match(text(), /^HTTP\/1\.1 40[0-4] /, path)
      t.notMatch(text(), /devDependencies|repositoryformatversion/)
    }
  })
}
