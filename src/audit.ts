// The audit log: one line for each change of an account, each failed sign-in and each limit that was hit, with the
// user, the network of the address, the request and the outcome. It never contains a secret. `docs/spec/limits.md#t20`.
// A leaf.
import type { Log } from './contract.ts'
import type { Meter } from './meter.ts'

/** The attempted action. Those on the last line are only logged when they fail. */
export type AuditAction =
  | 'create'
  | 'update-token'
  | 'change-password'
  | 'delete'
  | 'create-key'
  | 'change-key'
  | 'revoke-key'
  | 'link-seat'
  | 'remove-seat'
  | 'open-session'
  | 'create-device-code'
  | 'close-session'
  | 'sign-in'
  | 'prove'
  | 'admin'
  | 'register'
  | 'device-flow'
  | 'redeem-device-code'
  | 'model-call'
/** What the operator did. All are logged. */
export type OperatorAction = 'admin-delete' | 'admin-open-session' | 'admin-close-session' | 'admin-create-invite'
  | 'admin-revoke-invite' | 'admin-backup'

export interface AuditEntry {
  readonly action: AuditAction | OperatorAction | 'use-invite'
  readonly outcome:
    | 'done'
    | 'auth-failed'
    | 'limited'
  /** Well-formed, as the request named it. */
  readonly user?:
    | string
    | undefined
  /** The id of the invite that the action is about; no secret. */
  readonly invite?:
    | string
    | undefined
  /** The name of the seat that the action is about. */
  readonly seat?: string | undefined
  readonly address: string
  readonly reqId: string | undefined
}
export type Audit = (entry: AuditEntry) => void

/** Also counts each entry, without user and address. */
export function createAudit (log: Log, meter: Meter): Audit {
  return ({ action, outcome, user, invite, seat, address, reqId }) => {
    const fields = { event: 'audit', action, outcome, address: addressPrefix(address),
      ...(user === undefined ? {} : { user }), ...(invite === undefined ? {} : { invite }),
      ...(seat === undefined ? {} : { seat }), ...(reqId === undefined ? {} : { reqId }) }
    if (outcome === 'limited') {
      meter.limited(action)
      return log.warn(fields, 'a limit of this proxy was hit')
    }
    if (outcome === 'auth-failed') meter.authFailed(action)
    const did = action.startsWith('admin-') ? 'the operator acted' : 'account changed'
    log.info(fields, outcome === 'done' ? did : 'wrong credentials')
  }
}

/** A /24 of IPv4, a /48 of IPv6: enough to see a pattern, too coarse to identify a household. */
export function addressPrefix (address: string): string {
  const v4 = /^(?:::ffff:)?(\d{1,3}\.\d{1,3}\.\d{1,3})\.\d{1,3}$/i.exec(address)?.[1]
  if (v4 !== undefined) return `${v4}.0/24`
  if (!address.includes(':')) return 'unknown'
  const [head = '', tail] = (address.split('%')[0] ?? '').toLowerCase().split('::')
  const groups = head.split(':').filter(group => group !== '')
  const after = tail?.split(':').filter(group => group !== '') ?? []
  const whole = [...groups, ...Array<string>(Math.max(0, 8 - groups.length - after.length)).fill('0'), ...after]
  return `${whole.slice(0, 3).join(':')}::/48`
}
