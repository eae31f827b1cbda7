// POST and DELETE /admin/session: the session of the operator's page. Only pages of this host, and tools without a
// browser, may call them.
import { isOverHttps } from '../auth/cookies.ts'
import { readOperatorCookie, writeOperatorCookie } from '../auth/operator-sessions.ts'
import { assertSameOrigin } from '../auth/same-origin.ts'
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { operatorDid } from './admin.ts'
import { readApiBody } from './api-body.ts'
import { iso } from './key-form.ts'
import { json } from './reply.ts'

const maxBodyBytes = 4_096

export function openOperatorSession ({ config, operator, audit }: Core): Handler {
  return async call => {
    assertSameOrigin(call, config.publicOrigin)
    const { token } = readApiBody(call, maxBodyBytes)
    if (typeof token !== 'string' || token === '') {
      throw new GatewayError('invalid_request', '`token` must be the ADMIN_TOKEN.', { param: 'token' })
    }
    const { text, expiresAt } = await operator.signIn(token, call)
    audit(operatorDid('admin-open-session', call))
    return withOperatorCookie(call, json(200, { expires_at: iso(expiresAt) }), text)
  }
}

/** Signs out, also where the session has ended already. */
export function closeOperatorSession ({ config, operator, audit }: Core): Handler {
  return async call => {
    assertSameOrigin(call, config.publicOrigin)
    const text = readOperatorCookie(call, config.publicOrigin)
    if (text !== null && await operator.signOut(text, call)) audit(operatorDid('admin-close-session', call))
    return withOperatorCookie(call, json(200, { status: 'signed-out' }), '')
  }
}

function withOperatorCookie (call: Call, reply: Reply, text: string): Reply {
  return { ...reply, headers: { ...reply.headers, 'set-cookie': writeOperatorCookie(text, isOverHttps(call)) } }
}
