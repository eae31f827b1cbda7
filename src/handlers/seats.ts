// GET /v1/seats, PUT and DELETE /v1/seats/:name: the GitHub accounts that a user has linked. They take the password or
// a session, never a key. `docs/seats.md`
import { type Account } from '../auth/account.ts'
import { tokenInvalid } from '../auth/credentials.ts'
import type { SeatLinks } from '../auth/seat-links.ts'
import { isSeatName } from '../auth/seats.ts'
import type { Call, Handler } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { defaultSeat } from '../seat-names.ts'
import { readApiBody } from './api-body.ts'
import { checkToken, readLinkedToken } from './check-token.ts'
import { maxKeyBytes, noSuchKey, owned, ownerOf, proveOwner } from './keys.ts'
import { json } from './reply.ts'

export function listSeats (core: Core): Handler {
  return async call => {
    const data = [...ownerOf(call).seats.values()].map(seat => show(core, seat, call.signal))
    return json(200, { object: 'list', data: await Promise.all(data) })
  }
}

/** A token of GitHub is checked as that of `POST /`: one that GitHub refuses changes nothing. */
export function linkSeat (core: Core): Handler {
  return owned(async call => {
    const { username, seats } = ownerOf(call)
    const name = nameOf(call)
    const token = readLinkedToken(readApiBody(call, maxKeyBytes)['token'])
    const proof = await proveOwner(core, call)
    const links = linksOf(core)
    links.assertRoom(proof.verified, name)
    const session = await checkToken(core, token, call.signal)
    const linked = await links.link(proof, name, token, call)
    if (session !== null) core.tokens.keep(linked, session, call.defer)
    core.models.begin(linked)
    core.audit({ action: 'link-seat', outcome: 'done', user: username, seat: name, address: call.address,
      reqId: call.id })
    const status = session === null ? 'saved-unchecked' : 'saved'
    const shown = session === null
      ? { name, login: null, plan: null, problem: null }
      : await show(core, linked, call.signal)
    return json(seats.has(name) ? 200 : 201, { ...shown, status })
  })
}

export function removeSeat (core: Core): Handler {
  return owned(async call => {
    const { username } = ownerOf(call)
    const name = nameOf(call)
    if (name === defaultSeat) {
      throw new GatewayError('invalid_request',
        `The seat "${defaultSeat}" stays with the user. Link another GitHub account to it with PUT.`, { param: 'name' })
    }
    if (!await linksOf(core).unlink(await proveOwner(core, call), name, call)) throw noSuchKey('seat')
    core.audit({ action: 'remove-seat', outcome: 'done', user: username, seat: name, address: call.address,
      reqId: call.id })
    return json(200, { name, deleted: true })
  })
}

/** A seat that GitHub does not show keeps its place in the list, with the reason. */
async function show ({ quotas }: Core, account: Account, signal: AbortSignal): Promise<object> {
  const { seat: name } = account
  try {
    const { login, plan } = await quotas(account, signal)
    return { name, login, plan, problem: null }
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown
    return { name, login: null, plan: null, problem: thrown.message }
  }
}

function nameOf ({ params: { name = '' } }: Call): string {
  if (isSeatName(name)) return name
  throw new GatewayError('invalid_request',
    'The name of a seat has lower-case letters, digits and single hyphens between them, at most 64.', { param: 'name' })
}

/** The runtime refuses every call without a store. */
function linksOf ({ accounts }: Core): SeatLinks {
  if (accounts === null) throw tokenInvalid()
  return accounts.seats
}
