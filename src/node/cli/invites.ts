// `invites`: lists, creates and revokes codes that let one person register each. It prints a new code alone on standard
// output, so that a script can use it.
import { parseArgs } from 'node:util'
import { isObject, type JsonObject } from '../../json.ts'
import { asOperator, type OperatorAsk } from './as-operator.ts'
import { configFor } from './configured-store.ts'
import { plain, UsageError, type Command, type Io } from './io.ts'

const options = { url: { type: 'string' }, hours: { type: 'string' },
  json: { type: 'boolean', default: false } } as const

export const invites: Command = async (args, io) => {
  const { values: { url, hours, json }, positionals: [action = 'list', id, ...more] } = parseArgs({ args: [...args],
    allowPositionals: true, options })
  if (more.length > 0) throw new UsageError('There are too many arguments.')
  const answer = await asOperator(url, io, requestFor(action, id, hours))
  if (json) io.out(JSON.stringify(answer))
  else print(action, answer, url ?? configFor(io.env).publicOrigin, io)
  return 0
}

/** @throws {UsageError} */
function requestFor (action: string, id: string | undefined, hours: string | undefined): OperatorAsk {
  if (action === 'list' && id === undefined) return { method: 'GET', path: '/invites', wanted: 200 }
  if (action === 'create' && id === undefined) {
    const body = hours === undefined ? {} : { expires_in_hours: Number(hours) }
    return { method: 'POST', path: '/invites', body, wanted: 201 }
  }
  if (action === 'revoke' && id !== undefined) {
    return { method: 'DELETE', path: `/invites/${encodeURIComponent(id)}`, wanted: 200 }
  }
  throw new UsageError('It is "invites list", "invites create" or "invites revoke <id>".')
}

/** @param origin null if the address that people use is not known */
function print (action: string, answer: JsonObject, origin: string | null, { out, err }: Io): void {
  if (action === 'revoke') return out('revoked')
  if (action === 'create') {
    const code = String(answer['code'])
    err(`This is the code, until ${String(answer['expires_at'])}. It is shown this once, and works once:`)
    if (origin !== null) err(`${origin.replace(/\/+$/, '')}/#invite=${code}`)
    return out(code)
  }
  const list = Array.isArray(answer['data']) ? answer['data'].filter(isObject) : []
  if (list.length === 0) out('no open invites')
  for (const invite of list) {
    out(
      plain(`${String(invite['id'])}  created ${String(invite['created_at'])}  until ${String(invite['expires_at'])}`),
    )
  }
}
