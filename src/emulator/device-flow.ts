// The OAuth device flow of github.com: a code to type in, and a poll whose status is always 200.
import { hex, alphanumeric } from './random.ts'
import { fields, text } from './json.ts'
import { json } from './reply.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

/** The client ids that GitHub knows. An app's id begins with `Iv`, and its tokens with `ghu_`. */
const clients = new Set(['Iv1.b507a08c87ecfe98', 'Ov23li8tweQw6odWQebz', 'Iv23ctfURkiMfJ4xr5mv', '01ab8ac9400c4e429b23',
  '178c6fc778ccc68e1d6a', 'Ov23liAppOfAnOperator'])
/** GitHub exchanges no token of these: its command line tool, and an app that an operator registered. */
const outsiders = ['178c6fc778ccc68e1d6a', 'Ov23liAppOfAnOperator']
const lifetimeSeconds = 899
/** Timers may fire a little early. GitHub's real clock is no more precise. */
const toleranceMs = 20

interface Device {
  readonly clientId: string
  readonly issuedAt: number
  /** In seconds. Grows with each slow_down and never shrinks. */
  interval: number
  polledAt: number | null
  pendings: number
  state: 'waiting' | 'denied' | 'redeemed'
  seat: Seat | null
}

export interface DeviceFlow {
  readonly start: (request: RecordedRequest) => Reply
  readonly poll: (request: RecordedRequest) => Reply
  readonly approve: (userCode: string, seat?: Partial<Seat>) => Seat
  readonly deny: (userCode: string) => void
}

export function createDeviceFlow (
  world: World,
  { interval, pendingPolls }: { interval: number, pendingPolls: number },
): DeviceFlow {
  const devices = new Map<string, Device>()
  const byUserCode = new Map<string, Device>()

  const signIn = (device: Device, seat: Partial<Seat> = {}): Seat => {
    const prefix = device.clientId.startsWith('Iv') ? 'ghu_' : 'gho_'
    device.seat ??= world.seats.add({ githubToken: prefix + alphanumeric(36),
      state: outsiders.includes(device.clientId) ? 'wrong-app' : 'ok', ...seat })
    return device.seat
  }
  const find = (userCode: string): Device => {
    const device = byUserCode.get(userCode.trim().toUpperCase())
    if (device === undefined) throw new Error('No such user code')
    return device
  }
  const answer = (form: Record<string, string>): Record<string, unknown> => {
    const device = devices.get(form.device_code ?? '')
    if (!clients.has(form.client_id ?? '')) return failure('incorrect_client_credentials')
    if (form.grant_type !== 'urn:ietf:params:oauth:grant-type:device_code') return failure('unsupported_grant_type')
    if (device === undefined || device.clientId !== form.client_id) return failure('incorrect_device_code')
    const now = world.now()
    if (device.state === 'redeemed' || now >= device.issuedAt + lifetimeSeconds * 1000) return failure('expired_token')
    if (device.state === 'denied') return failure('access_denied')
    const early = device.polledAt !== null && now - device.polledAt < device.interval * 1000 - toleranceMs
    device.polledAt = now
    if (early) {
      device.interval += 5
      return { ...failure('slow_down'), interval: device.interval }
    }
    if (device.seat === null && device.pendings < pendingPolls) {
      device.pendings++
      return failure('authorization_pending')
    }
    device.state = 'redeemed'
    const seat = signIn(device)
    return { access_token: seat.githubToken, token_type: 'bearer',
      scope: seat.githubToken.startsWith('gho_') ? 'read:user' : '' }
  }

  return {
    start (request) {
      const { client_id: clientId = '' } = readForm(request)
      if (!clients.has(clientId)) return encode(request, { error: 'Not Found' }, 404)
      const device: Device = { clientId, issuedAt: world.now(), interval, polledAt: null, pendings: 0, state: 'waiting',
        seat: null }
      const deviceCode = hex(40)
      const userCode = `${alphanumeric(4)}-${alphanumeric(4)}`.toUpperCase()
      devices.set(deviceCode, device)
      byUserCode.set(userCode, device)
      return encode(request, { device_code: deviceCode, user_code: userCode,
        verification_uri: `${world.origin}/github/login/device`, expires_in: lifetimeSeconds, interval })
    },
    poll: request => encode(request, answer(readForm(request))),
    approve: (userCode, seat) => signIn(find(userCode), seat),
    deny (userCode) {
      find(userCode).state = 'denied'
    },
  }
}

/** JSON or a form, by the content type. */
export function readForm (request: RecordedRequest): Record<string, string> {
  if (!(request.headers['content-type'] ?? '').includes('json')) {
    return Object.fromEntries(new URLSearchParams(request.body))
  }
  return Object.fromEntries(Object.entries(fields(request.json)).map(([key, value]) => [key, text(value)]))
}

function failure (error: string): Record<string, unknown> {
  return { error, error_description: `The device flow says: ${error.replaceAll('_', ' ')}.`,
    error_uri: 'https://docs.github.com/developers/apps/authorizing-oauth-apps' }
}

/** Without `Accept: application/json`, GitHub answers with a form. */
function encode (request: RecordedRequest, value: Record<string, unknown>, status = 200): Reply {
  if ((request.headers.accept ?? '').includes('application/json')) return json(status, value)
  const form = new URLSearchParams(Object.entries(value).map(([key, inner]) => [key, String(inner)]))
  return { status, headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
    body: form.toString() }
}
