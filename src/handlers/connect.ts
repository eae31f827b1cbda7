// GET /connect/<client>.sh and .ps1: scripts without any secret that connect a client. GET /v1/connect/<client>: what
// such a script puts into the client's files, for the seat that asks.
import { accessOf } from '../connect/descriptions.js'
import { keyPlaceholder, planText } from '../connect/plan.ts'
import { clients, isPlainOrigin, powerShellScript, shellScript } from '../connect/script.ts'
import type { Config } from '../config.ts'
import type { Call, Handler, Reply } from '../contract.ts'
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import { accountOf } from './api-body.ts'
import { createSeatList, toEntry } from './models.ts'

export const scriptPaths: readonly string[] = clients.flatMap(client =>
  ['sh', 'ps1'].map(kind => `/connect/${client}.${kind}`)
)

/** @param path one of `scriptPaths` */
export function connectScript ({ config }: Core, path: string): Handler {
  const [client = '', kind] = path.replace('/connect/', '').split('.')
  const write = kind === 'sh' ? shellScript : powerShellScript
  return async call => text(write(client, originOf(call, config)) ?? '')
}

export function connectPlan (core: Core): Handler {
  const listOf = createSeatList(core)
  return async call => {
    const list = await listOf(call)
    const entries = (list?.models ?? []).map(toEntry)
    const { username } = accountOf(call)
    const access = accessOf(originOf(call, core.config), username, keyPlaceholder, entries, call.query.get('model'))
    if (access === null) {
      throw new GatewayError('model_not_found',
        'This seat has no such chat model that is switched on. All are listed at /v1/models.', { param: 'model' })
    }
    const plan = planText(call.params['client'] ?? '', access)
    if (plan === null) throw new GatewayError('not_found', `The clients are ${clients.join(', ')}.`)
    return text(plan)
  }
}

/** The origin that people see. @throws {GatewayError} for a host that would need quoting in a script */
function originOf ({ protocol, host }: Call, { publicOrigin }: Config): string {
  const origin = publicOrigin ?? `${protocol}://${host}`
  if (isPlainOrigin(origin)) return origin
  throw new GatewayError('invalid_request', 'The host name of this address is malformed.')
}

function text (body: string): Reply {
  return { status: 200,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store',
      'x-content-type-options': 'nosniff' }, body }
}
