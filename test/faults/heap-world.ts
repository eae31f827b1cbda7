// All uses of secrets, right and wrong, each with a secret of its own. The tests then search for these secrets.
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { call, until, type Got } from '../fixtures/http.ts'
import type { User } from '../fixtures/targets.ts'
import type { Child } from './child.ts'
import { ask, lines, paths, raw, request, type Wanted } from './frame.ts'

export const adminToken = 'operator-AdminToken-0123456789'
const dialects = Object.keys(paths) as Wanted[]
const exchangePath = '/copilot_internal/v2/token'

export interface World {
  /** Every password, key, cookie and GitHub token so far. */
  readonly secrets: ReadonlySet<string>
  /** @returns a user who stays, and the Copilot tokens of users who were deleted or changed their password */
  readonly live: () => Promise<{ readonly stays: User, readonly gone: ReadonlySet<string> }>
  /**
   * Actions for the end. Their secret may stay in places that the next request would overwrite: in a parser, or as the
   * last match of a pattern.
   */
  readonly lasts: Readonly<Record<string, () => Promise<unknown>>>
}

export function createWorld ({ origin, emulator }: Child): World {
  const secrets = new Set<string>()
  let planted = 0
  const plant = (secret: string) => {
    secrets.add(secret)
    return secret
  }
  const newPassword = () => plant(`acpc-Planted${String(++planted).padStart(3, '0')}`)
  const newToken = () => plant(emulator.addSeat().githubToken)
  const newName = () => `planted-${++planted}`
  const as = (password: string) => ({ authorization: `Bearer ${password}` })
  const post = (path: string, fields: Record<string, string>, asForm = false) =>
    call(origin + path, asForm
      ? { method: 'POST', body: new URLSearchParams(fields).toString(),
        headers: { 'content-type': 'application/x-www-form-urlencoded' } }
      : { json: fields })

  const link = async () => {
    const { json: { device_code: code } } = await post('/github/get-device-code', {})
    await sleep(120)
    return plant(String((await post('/github/poll-device-code', { device_code: code })).json.access_token))
  }
  const addUser = async (asForm = false): Promise<User> => {
    const seat = emulator.addSeat()
    const [username, password] = [newName(), newPassword()]
    expect(201, await post('/', { username, password, token: plant(seat.githubToken) }, asForm))
    return { username, password, seat, base: `${origin}/${username}/v1` }
  }
  const useAll = async (user: User) => {
    for (const dialect of dialects) {
      expect(200, await ask(user, dialect, { stream: true }))
      expect(200, await ask(user, dialect, {}, { authorization: '', 'x-api-key': user.password }))
      emulator.chunkDelayMs = 20
      const { socket, text } = raw(origin, request(user, dialect, { stream: true }))
      await until(() => text().includes('data: '), 'a stream has begun')
      socket.resetAndDestroy()
      emulator.chunkDelayMs = 0
    }
    for (const path of ['/models', '/usage']) expect(200, await call(user.base + path, { headers: as(user.password) }))
  }
  /** A key and a session, made, used and ended; and one of each that stays. */
  const useKeys = async ({ username, password, base }: User) => {
    for (const isStaying of [true, false]) {
      const { json: { id, key } } = await call(`${base}/keys`, { json: { name: 'x' }, headers: as(password) })
      for (const text of [plant(String(key)), plant(String(key).slice(14))]) if (text === '') throw new Error('no key')
      expect(200, await call(`${base}/models`, { headers: as(key) }))
      expect(200, await call(`${base}/models`, { headers: { 'x-api-key': key } }))
      const opened = await call(`${origin}/session`, { json: { username, password, remember: isStaying } })
      const cookie = (opened.headers.get('set-cookie') ?? '').split(';')[0] ?? ''
      plant(cookie.slice(cookie.indexOf('.') + 1))
      expect(200, await call(`${origin}/session`, { headers: { cookie } }))
      expect(200, await call(`${base}/usage`, { headers: { cookie } }))
      if (isStaying) continue
      expect(200, await call(`${origin}/session`, { method: 'DELETE', headers: { cookie } }))
      expect(401, await call(`${base}/models`, { headers: { cookie } }))
      expect(200, await call(`${base}/keys/${id}`, { method: 'DELETE', headers: as(password) }))
      expect(401, await call(`${base}/models`, { headers: as(key) }))
    }
  }
  const failAll = async (user: User) => {
    for (const path of [`/models?key=${newPassword()}`, '/usage', '/nothing']) {
      await call(user.base + path, { headers: { ...as(newPassword()), cookie: `password=${newPassword()}` } })
    }
    await call(`${user.base}/chat/completions`, { method: 'POST', body: `{"password":"${newPassword()}`,
      headers: { 'content-type': 'application/json', ...as(user.password) } })
    for (const [fault, status] of [[{ kind: 'status', status: 500, body: 'x' }, 201], [{ kind: 'reset-after',
      events: 0 }, 201], [{ kind: 'html' }, 201], [{ kind: 'status', status: 401,
      body: '{"message":"Bad credentials"}' }, 422]] as const) {
      emulator.fault({ path: exchangePath }, fault, 2)
      expect(status, await post('/', { username: newName(), password: newPassword(), token: newToken() }))
      emulator.clearFaults()
    }
    expect(403, await post('/', { username: user.username, password: newPassword(), token: newToken() }))
    expect(400,
      await post('/', { username: newName(), password: newPassword(), token: plant(`ghp_${'Planted'.repeat(5)}`) }))
  }

  return {
    secrets,
    async live () {
      expect(201, await post('/', { username: newName(), password: newPassword(), token: await link() }))
      const stays = await addUser()
      const [moved, renewed, deleted, expelled] = [await addUser(true), await addUser(), await addUser(true),
        await addUser()]
      for (const user of [moved, renewed, deleted, expelled, stays]) await useAll(user)
      await useKeys(stays)
      await failAll(stays)
      const of = ({ username, password }: User) => ({ username, password })
      const gone = new Set([moved, renewed, deleted, expelled].flatMap(({ seat }) => seat.tokensIssued))
      expect(200, await post('/users/password', { ...of(moved), new_password: newPassword() }))
      expect(200, await post('/', { ...of(renewed), token: newToken() }, true))
      expect(200, await post('/users/delete', of(deleted)))
      expect(200,
        await call(`${origin}/admin/users/${expelled.username}`, { method: 'DELETE', headers: as(adminToken) }))
      emulator.expireTokens() // Copilot answers 401, and the gateway makes one more exchange.
      expect(200, await ask(stays))
      return { stays, gone }
    },
    lasts: {
      'a registration': addUser,
      'a key and a session': async () => useKeys(await addUser()),
      'a wrong password': () => call(`${origin}/${newName()}/v1/models`, { headers: as(newPassword()) }),
      'a poll of the device flow': link,
      'a request on a connection that stays open': () =>
        new Promise(resolve => {
          const socket = connect(Number(new URL(origin).port), '127.0.0.1').on('error', () => {}).once('data', resolve)
          socket.unref().write(
            lines('GET', `/${newName()}/v1/models`, ['Host: 127.0.0.1', `Authorization: Bearer ${newPassword()}`]),
          )
        }),
    },
  }
}

function expect (wanted: number, { status, text }: Got): void {
  if (status !== wanted) throw new Error(`${status} instead of ${wanted}: ${text.slice(0, 300)}`)
}
