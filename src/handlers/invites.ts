// POST, GET and DELETE /admin/invites: codes that let one person register each. `docs/operations.md#invites`
import type { Invite, Invites } from '../auth/invites.ts'
import type { Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { operatorDid, storeMissing } from './admin.ts'
import { readApiBody } from './api-body.ts'
import { iso } from './key-form.ts'
import { json } from './reply.ts'

/** Hours that an invite lives. */
export const inviteHours = { usual: 168, least: 1, most: 720 } as const
const maxInviteBytes = 1_024
const hourMs = 3_600_000

export function createInvite (core: Core): Handler {
  return async call => {
    const { expires_in_hours: hours = inviteHours.usual } = call.bytes.length === 0
      ? {}
      : readApiBody(call, maxInviteBytes)
    const { least, most } = inviteHours
    if (typeof hours !== 'number' || !(hours >= least && hours <= most)) {
      throw new GatewayError('invalid_request', `\`expires_in_hours\` must be a number from ${least} to ${most}.`, {
        param: 'expires_in_hours',
      })
    }
    const { id, code, expiresAt } = await invitesOf(core).create(Math.floor(hours * hourMs))
    core.audit({ ...operatorDid('admin-create-invite', call), invite: id })
    return json(201, { id, code, expires_at: iso(expiresAt) })
  }
}

export function listInvites (core: Core): Handler {
  return async () => json(200, { object: 'list', data: (await invitesOf(core).list()).map(showInvite) })
}

export function deleteInvite (core: Core): Handler {
  return async call => {
    const id = call.params['id'] ?? ''
    if (!await invitesOf(core).remove(id)) throw new GatewayError('not_found', 'There is no such open invite.')
    core.audit({ ...operatorDid('admin-revoke-invite', call), invite: id })
    return json(200, { id, deleted: true })
  }
}

function showInvite ({ id, createdAt, expiresAt }: Invite): object {
  return { id, created_at: iso(createdAt), expires_at: iso(expiresAt) }
}

function invitesOf ({ accounts }: Core): Invites {
  if (accounts === null) throw storeMissing()
  return accounts.invites
}
