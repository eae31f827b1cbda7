// Attacks by unknown clients, on every runtime: they cause no store call and no key derivation beyond the limit of
// their address, no answer reveals whether a name exists, and they cannot lock out a user who has the right password.
import type { Test } from 'tap'
import type { Frame } from '../fixtures/cases.ts'
import { call, settled, type Got } from '../fixtures/http.ts'
import type { Settings, Target } from '../fixtures/targets.ts'

/** The default limits. */
const usual: Settings = { REGISTRATIONS_PER_10_MINUTES: '5', DEVICE_STARTS_PER_10_MINUTES: '5',
  AUTH_FAILURES_PER_MINUTE: '10' }
/** Node believes the first header from a trusted proxy, a Worker the second from Cloudflare. */
const from = (address: string) => ({ 'x-forwarded-for': address, 'cf-connecting-ip': address })
const behindProxy: Settings = { TRUST_PROXY: '127.0.0.1' }
/** As on Workers' free plan: these tests count how often a key is derived, not how long it takes. */
const quick: Settings = { KDF_ITERATIONS: '10000', SECRET_PEPPER: Buffer.alloc(32, 7).toString('base64') }
/** A token that GitHub does not know. */
const unknownToken = `ghu_${'0'.repeat(36)}`

/** For a machine on which a test takes longer than half a minute: after that time, ten attempts a minute come back. */
const cameBack = (ms: number) => Math.max(0, Math.ceil((ms - 30_000) / 6_000))
/** Of a pair, each gateway now and then looks into the store for itself, such as for what earlier cases left. */
const ownCalls = ({ processes }: Target) => processes === 1 ? 0 : 10
/** The whole answer, except the parts that differ in every answer. */
const bytes = ({ status, headers, text }: Got) =>
  JSON.stringify([status, [...headers].filter(([name]) => name !== 'x-request-id' && name !== 'date'), text])
const tryName = ({ origin }: Target, username: string, password: string, more: Settings = {}, headers: Settings = {}) =>
  call(`${origin}/`, { json: { username, password, token: unknownToken, ...more }, headers })
const signIn = ({ origin }: Target, username: string, password: string, headers: Settings = {}) =>
  call(`${origin}/${username}/v1/models`, { headers: { authorization: `Bearer ${password}`, ...headers } })

/** Sixty names, three of them taken. */
async function sixtyNames (target: Target): Promise<string[]> {
  const real = [await target.addUser(), await target.addUser(), await target.addUser()].map(({ username }) => username)
  return Array.from({ length: 60 }, (_, at) => at % 20 === 7 ? real[Math.floor(at / 20)] ?? '' : target.newName())
}

export function frontDoorSuite ({ target, test, testWith }: Frame): void {
  for (const registration of ['open', 'closed'] as const) {
    testWith({ ...usual, ...quick, REGISTRATION: registration },
      `H3: 300 posts with unknown names from one address cause at most 20 calls of the store, registration `
        + `${registration}`, async (t, own) => {
      const before = await settled(own.storeCalls)
      const began = performance.now()
      const statuses: number[] = []
      for (let round = 0; round < 10; round++) {
        statuses.push(
          ...(await Promise.all(Array.from({ length: 30 }, () => tryName(own, own.newName(), own.newPassword())))).map((
            { status },
          ) => status),
        )
      }
      const most = 20 + cameBack(performance.now() - began)
      t.ok(await settled(own.storeCalls) - before <= most + ownCalls(own), `${own.storeCalls() - before} calls`)
      t.ok(statuses.filter(status => status !== 429).length <= most)
    })
  }

  testWith({ ...usual, ...quick }, 'H3: the other routes with a password have the same limit on reads of the store',
    async (t, own) => {
      const before = await settled(own.storeCalls)
      const began = performance.now()
      const json = (path: string) =>
        call(own.origin + path, {
          json: { username: own.newName(), password: own.newPassword(), new_password: own.newPassword() },
        })
      for (let n = 0; n < 12; n++) {
        await Promise.all([json('/users/password'), json('/users/delete'),
          signIn(own, own.newName(), own.newPassword()), call(`${own.origin}/readyz`)])
      }
      t.ok(await settled(own.storeCalls) - before <= 20 + cameBack(performance.now() - began) + ownCalls(own),
        `${own.storeCalls() - before} calls`)
    })

  for (const registration of ['closed', 'code'] as const) {
    testWith({ ...quick, REGISTRATION: registration, REGISTRATION_CODE: 'the right code' },
      `M2: under REGISTRATION=${registration} without a valid code, sixty names get the same answer at the same cost`,
      async (t, own) => {
        const names = await sixtyNamesOf(own, registration)
        await assertSameAnswers(t, own, names, (username, at) =>
          tryName(own, username, own.newPassword(), at % 2 === 0 ? {} : { code: 'a wrong code' }), 403)
      })
  }

  testWith({ ...quick, REGISTRATIONS_PER_10_MINUTES: '3' },
    'M2: under REGISTRATION=open sixty names get the same answer once the address has used up its registrations',
    async (t, own) => {
      // With the three registrations before, this makes sixty posts. After that Cloudflare's own limit by address
      // answers without a read.
      const names = (await sixtyNames(own)).slice(0, 57)
      await assertSameAnswers(t, own, names, username => tryName(own, username, own.newPassword()), 429)
    })

  testWith({ ...quick, REGISTRATIONS_PER_10_MINUTES: '3', AUTH_FAILURES_PER_MINUTE: '4' },
    'M2: the answer stays the same when the failures are used up too, and the right password changes its user '
      + 'until then', async (t, own) => {
    const users = [await own.addUser(), await own.addUser(), await own.addUser()]
    const update = () =>
      call(`${own.origin}/`, {
        json: { username: users[0]?.username, password: users[0]?.password, token: users[0]?.seat.githubToken },
      })
    t.equal((await update()).status, 200)
    const names = Array.from({ length: 12 },
      (_, at) => at % 4 === 1 ? users[Math.floor(at / 4)]?.username ?? '' : own.newName())
    const answers = new Set<string>()
    for (const username of names) answers.add(bytes(await tryName(own, username, own.newPassword())))
    t.equal(answers.size, 1)
    t.equal((await update()).status, 429)
    own.clock?.advance(15_500)
    if (own.clock !== null) t.equal((await update()).status, 200)
  })

  testWith({ ...behindProxy, ...quick, AUTH_FAILURES_PER_MINUTE: '10' },
    'M3: wrong passwords from many addresses do not lock out the user from an address without a failure',
    async (t, own) => {
      const owner = await own.addUser()
      own.clock?.advance(3_600_000) // Idle until the password is no longer warm.
      await Promise.all(Array.from({ length: 12 }, async (_, at) => {
        for (let n = 0; n < 10; n++) await signIn(own, owner.username, own.newPassword(), from(`198.51.100.${at}`))
      }))
      const stranger = signIn(own, owner.username, own.newPassword(), from('203.0.113.1'))
      t.equal((await signIn(own, owner.username, owner.password, from('203.0.113.9'))).status, 200,
        'the owner from a fresh address')
      t.equal((await stranger).status, 401)
      t.equal((await signIn(own, owner.username, owner.password, from('198.51.100.3'))).status, 200,
        'warm credentials pass from any address')
    })

  testWith({ ...behindProxy, ...quick, AUTH_FAILURES_PER_MINUTE: '3' }, 'M3: a /64 of IPv6 counts as one address',
    async (t, own) => {
      const statuses = []
      for (let n = 0; n < 5; n++) {
        statuses.push((await signIn(own, own.newName(), own.newPassword(), from(`2001:db8:7:7:${n}::1`))).status)
      }
      t.same(statuses, [401, 401, 401, 429, 429])
      t.equal((await signIn(own, own.newName(), own.newPassword(), from('2001:db8:7:8::1'))).status, 401)
    })

  testWith({ ADMIN_TOKEN: 'operator-AdminToken-0123456789', AUTH_FAILURES_PER_MINUTE: '3' },
    'L1: wrong admin tokens of an address are limited, and the right one is not counted', async (t, own) => {
    const ask = async (token: string) =>
      (await call(`${own.origin}/admin/users/No-Name`, { method: 'DELETE',
        headers: { authorization: `Bearer ${token}` } })).status
    const right = 'operator-AdminToken-0123456789'
    t.same(await Promise.all(Array.from({ length: 8 }, () => ask(right))), Array<number>(8).fill(404),
      'eight at once, for an unknown user')
    const statuses = []
    for (let n = 0; n < 5; n++) statuses.push(await ask(`guess-${n}`))
    t.same(statuses, [401, 401, 401, 429, 429])
    t.equal(await ask(right), 429, 'a correct guess gets the same answer as the others')
    const limited = await call(`${own.origin}/admin/users`, { headers: { authorization: 'Bearer guess' } })
    t.match(limited, { json: { error: { code: 'rate_limited' } } })
    t.equal(limited.headers.get('retry-after'), '20')
    own.clock?.advance(20_500)
    if (own.clock !== null) t.equal(await ask(right), 404)
  })

  test('X20: a record with one changed character lets no user in, warm or with a cached Copilot token', async t => {
    if (target.putRaw === null || target.clock === null) return
    const user = await target.addUser()
    const key = `user:${user.username}`
    const ask = async (password = user.password) => (await signIn(target, user.username, password)).status
    t.equal(await ask(), 200, 'a Copilot token is cached')
    target.clock.advance(91_000)
    const value =
      (await target.dumpStore()).split('\n').find(line => line.startsWith(`${key}\t`))?.slice(key.length + 1) ?? ''
    const record = JSON.parse(value) as Record<string, unknown>
    for (const field of ['rid', 'gen', 'it', 'salt', 'vf', 'iv', 'ct', 'u', 'v', 'kdf']) {
      const text = String(record[field])
      const from = value.indexOf(`"${field}":`) + field.length + 3
      // The last character of base64 has bits that carry no data: they count too.
      for (const at of new Set([from + 1, from + text.length])) {
        const old = value[at] ?? ''
        if (!/[a-zA-Z0-9_-]/.test(old)) continue
        await target.putRaw(key, value.slice(0, at) + (/\d/.test(old)
          ? String((Number(old) + 1) % 10)
          : old === 'A'
          ? 'B'
          : old === 'B'
          ? 'A'
          : String.fromCharCode(old.charCodeAt(0) ^ 1).replace(/[^a-zA-Z0-9_-]/, 'A')) + value.slice(at + 1))
        target.clock.advance(61_000)
        const status = await ask()
        t.ok(status === 503 || status === 401, `${field} at ${at - from}: ${status}`)
        if (field === 'ct') {
          t.equal(status, 503, 'the right password gets the error for a damaged record')
        }
        if (field === 'ct') {
          t.equal(await ask(target.newPassword()), 401, 'a wrong password gets the usual answer')
        }
      }
    }
    const { ct, ...rest } = record
    for (const other of [`${value} `, JSON.stringify({ ct, ...rest }), value.replace('{"v":2', '{"v":2,"v":2'),
      JSON.stringify({ ...record, more: 1 })]) {
      await target.putRaw(key, other)
      target.clock.advance(61_000)
      t.equal(await ask(), 503, `unlike the written record: ${other.length - value.length} characters more`)
    }
    await target.putRaw(key, value)
    t.equal(await ask(), 200, 'the original record')
    t.equal((await signIn(target, target.newName(), user.password)).status, 401, 'an unknown user')
  })

  /** Registration is closed for new users, so a target with open registration adds them. */
  async function sixtyNamesOf (target: Target, registration: 'closed' | 'code'): Promise<string[]> {
    const names = Array.from({ length: 60 }, () => target.newName())
    const other = await target.another(quick)
    const lines = []
    for (const at of [7, 27, 47]) {
      const username = names[at] ?? ''
      if (registration === 'code') {
        const saved = await call(`${target.origin}/`, {
          json: { username, password: target.newPassword(), token: target.addSeat().githubToken,
            code: 'the right code' },
        })
        if (saved.status !== 201) throw new Error(`not saved: ${saved.status}`)
        continue
      }
      await other.addUser(username)
      lines.push(...(await other.dumpStore()).split('\n').filter(line => line.startsWith(`user:${username}\t`)))
    }
    for (const line of lines) {
      await target.putRaw?.(line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1))
    }
    await other.close()
    return names
  }
}

/** Every name gets the same answer and costs the same number of store calls. */
async function assertSameAnswers (
  t: Test,
  target: Target,
  names: readonly string[],
  ask: (username: string, at: number) => Promise<Got>,
  status: number,
): Promise<void> {
  const answers = new Map<string, string[]>()
  const costs = new Set<number>()
  let before = await settled(target.storeCalls)
  for (const [at, username] of names.entries()) {
    const got = await ask(username, at)
    t.equal(got.status, status)
    answers.set(bytes(got), [...answers.get(bytes(got)) ?? [], username])
    costs.add(target.storeCalls() - before)
    before = target.storeCalls()
  }
  t.equal(answers.size, 1, [...answers].map(([answer, some]) => `${some.length}: ${answer}`).join('\n'))
  t.same([...costs], [1], 'one read of the store each')
}
