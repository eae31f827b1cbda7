// Authenticates calls to Copilot, and checks that Copilot serves their client.
import { plain } from './reply.ts'
import type { Reply } from './reply.ts'
import type { RecordedRequest, Seat } from './types.ts'
import type { World } from './world.ts'

/** The seat of the bearer token, or Copilot's refusal. */
export function authenticate (world: World, request: RecordedRequest): Seat | Reply {
  const token = /^(?:bearer|token) +(.+)$/i.exec(request.headers.authorization ?? '')?.[1]?.trim()
  if (token === undefined) return plain(401, 'unauthorized: missing Authorization header')
  if (/^(?:gh[opsu]_|github_pat_)/.test(token)) return refuseKind(world, request, token) ?? direct(world, token)
  const found = world.seats.check(token)
  if (found === 'expired') return plain(401, 'IDE token expired: unauthorized: token expired')
  if (found === 'unknown') return plain(401, 'unauthorized: invalid token')
  if (found.seat.state === 'blocked') return plain(403, 'forbidden: access to Copilot has been blocked')
  const base = `${world.origin}/${request.host}${request.host === 'plan' ? `/${request.label ?? ''}` : ''}`
  const elsewhere = found.api !== null && found.api.replace(/\/+$/, '') !== base && request.host !== 'account'
  if (world.strict.misdirected && found.seat.strictHost && elsewhere) return plain(421, 'Misdirected Request')
  return checkClient(world, request) ?? found.seat
}

/** Only Copilot's own command line may use fine-grained tokens and server tokens. */
function refuseKind ({ seats, strict }: World, { headers }: RecordedRequest, token: string): Reply | null {
  const isCli = headers['copilot-integration-id'] === 'copilot-developer-cli'
  if (token.startsWith('ghs_') && (!isCli || strict.serverToServer)) {
    return plain(400,
      'checking server-to-server token: bad request: GitHub App Server-To-Server Tokens are not supported for this '
        + 'endpoint')
  }
  if (token.startsWith('ghp_') || (token.startsWith('github_pat_') && !isCli)) {
    return plain(400,
      'checking third-party user token: bad request: Personal Access Tokens are not supported for this endpoint')
  }
  const mayAsk = !token.startsWith('github_pat_') || seats.find(token)?.copilotRequests !== false
  return mayAsk ? null : plain(401, 'unauthorized: Personal Access Token does not have Copilot Requests permission')
}

/** A GitHub token that was not exchanged: the checks for editors do not apply. */
function direct (world: World, token: string): Seat | Reply {
  const seat = world.seats.find(token)
  if (seat === undefined || seat.state === 'revoked') return plain(401, 'unauthorized: invalid token')
  return seat.state === 'ok' || seat.state === 'wrong-app' ? seat : plain(403, 'forbidden: no access to Copilot')
}

function checkClient ({ strict }: World, { headers }: RecordedRequest): Reply | null {
  const editor = headers['editor-version']
  if (strict.editorVersion && editor === undefined) {
    return plain(400, 'bad request: missing Editor-Version header for IDE auth')
  }
  if (strict.editorVersion && !/^[\w.-]+\/\d[\w.+-]*$/.test(editor ?? '')) {
    return plain(400, 'bad request: unknown Editor-Version header for IDE auth')
  }
  const old = isBelow(editor, strict.minimumEditorVersion)
    || isBelow(headers['editor-plugin-version'], strict.minimumPluginVersion)
  return old ? plain(466, 'client version is too old: please update') : null
}

/** Compares the version numbers after the slash. */
function isBelow (version: string | undefined, minimum: string | null): boolean {
  if (minimum === null) return false
  const parts = (value: string): number[] =>
    value.replace(/^.*\//, '').split('.').map(part => Number.parseInt(part, 10) || 0)
  const wanted = parts(minimum)
  const given = parts(version ?? '')
  const differing = wanted.findIndex((part, index) => part !== (given[index] ?? 0))
  return differing >= 0 && (given[differing] ?? 0) < (wanted[differing] ?? 0)
}
