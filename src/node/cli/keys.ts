// `keys`: lists, creates, changes and revokes a user's keys, through a gateway. It prints a new key alone on standard
// output, so that a script can store it.
import { parseArgs } from 'node:util'
import { isUsername } from '../../auth/account.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { readAddress } from './doctor-deployment.ts'
import { plain, UsageError, type Command, type Io } from './io.ts'
import { readPassword } from './read-password.ts'
import { unexpected, withGateway, type GatewayAnswer } from './with-gateway.ts'

const askMs = 60_000
const options = {
  user: { type: 'string' },
  url: { type: 'string' },
  name: { type: 'string' },
  expires: { type: 'string' },
  models: { type: 'string' },
  credits: { type: 'string' },
  seat: { type: 'string' },
  json: { type: 'boolean', default: false },
} as const
type Values = Readonly<Partial<Record<'name' | 'expires' | 'models' | 'credits' | 'seat', string>>>

export const keys: Command = async (args, io) => {
  const { values, positionals: [action = 'list', given, ...more] } = parseArgs({ args: [...args],
    allowPositionals: true, options })
  const { user, json } = values
  if (user === undefined || !isUsername(user)) throw new UsageError('--user names the user whose keys they are.')
  const { method, path, body, wanted } = requestFor(action, given, values)
  if (more.length > 0) throw new UsageError('There are too many arguments.')
  const address = values.url === undefined ? null : readAddress(values.url)
  const password = await readPassword(io)
  const answer = await withGateway(address, io,
    ask => ask({ method, path: `/${user}/v1/keys${path}`, password, ms: askMs, ...body === null ? {} : { body } }))
  if (answer.status !== wanted || answer.json === null) throw unexpected(answer)
  if (json) io.out(JSON.stringify(answer.json))
  else print(action, answer, io)
  return 0
}

interface KeyRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  readonly path: string
  readonly body: object | null
  readonly wanted: number
}

/** @throws {UsageError} */
function requestFor (action: string, given: string | undefined, values: Values): KeyRequest {
  if (action === 'list') return { method: 'GET', path: '', body: null, wanted: 200 }
  if (given === undefined) {
    throw new UsageError(`"keys ${plain(action)}" needs ${action === 'create' ? 'a name' : 'an id'}.`)
  }
  if (action === 'create') return { method: 'POST', path: '', body: { ...limitsOf(values), name: given }, wanted: 201 }
  const path = `/${encodeURIComponent(given)}`
  if (action === 'change') return { method: 'PATCH', path, body: limitsOf(values), wanted: 200 }
  if (action === 'revoke') return { method: 'DELETE', path, body: null, wanted: 200 }
  throw new UsageError('It is "keys list", "keys create <name>", "keys change <id>" or "keys revoke <id>".')
}

/** `none` takes a limit away. The gateway checks the values. */
function limitsOf ({ name, expires, models, credits, seat }: Values): object {
  const orNone = <T>(text: string, read: (text: string) => T) => text === 'none' ? null : read(text)
  return {
    ...name === undefined ? {} : { name },
    ...expires === undefined ? {} : { expires_at: orNone(expires, text => text) },
    ...models === undefined ? {} : { models: orNone(models, text => text.split(',').map(id => id.trim())) },
    ...seat === undefined ? {} : { seat: orNone(seat, text => text) },
    ...credits === undefined ? {} : { monthly_credits: orNone(credits, readNumber) },
  }
}

/** @throws {UsageError} JSON has no NaN: it would become null, and so no cap */
function readNumber (text: string): number {
  const amount = Number(text)
  if (text.trim() === '' || !Number.isFinite(amount)) throw new UsageError('--credits is a number, or none.')
  return amount
}

function print (action: string, { json }: GatewayAnswer, io: Io): void {
  if (action === 'create') {
    io.err('This is the key. It is shown this once:')
    return io.out(String(json?.['key']))
  }
  if (action === 'revoke') return io.out('revoked')
  const list = action === 'list' && Array.isArray(json?.['data']) ? json['data'].filter(isObject) : [json ?? {}]
  if (list.length === 0) return io.out('no keys')
  for (const key of list) io.out(lineOf(key))
}

function lineOf (key: JsonObject): string {
  const { id, name, last_used_day: used, expires_at: end, models, seat, monthly_credits: cap, credits_used: spent } =
    key
  return plain(
    [id, name, `last used ${typeof used === 'string' ? used : 'never'}`,
      ...typeof end === 'string' ? [`until ${end}`] : [],
      ...Array.isArray(models) ? [`models ${models.join(', ')}`] : [],
      ...typeof seat === 'string' ? [`seat ${seat}`] : [],
      ...typeof cap === 'number' ? [`${Number(spent)} of ${cap} credits`] : []].join('  '),
  )
}
