// `status`, `errors` and `usage`: what a running server tells its operator.
import { parseArgs } from 'node:util'
import { isObject, type JsonObject } from '../../json.ts'
import { asOperator, localAddress } from './as-operator.ts'
import { plain, type Command } from './io.ts'

const errorColumns = ['at', 'level', 'status', 'code', 'message', 'user', 'request_id'] as const

type Lines = (answer: JsonObject) => readonly string[]

/** @param none printed for an empty list */
function view (path: string, toLines: Lines, none: string): Command {
  return async (args, io) => {
    const { values: { url, json } } = parseArgs({ args: [...args],
      options: { url: { type: 'string' }, json: { type: 'boolean', default: false } } })
    const answer = await asOperator(url ?? localAddress(io), io, { method: 'GET', path, wanted: 200 })
    if (json) io.out(JSON.stringify(answer))
    else {
      const lines = toLines(answer)
      for (const line of lines.length === 0 ? [none] : lines) io.out(plain(line))
    }
    return 0
  }
}

export const status: Command = view('/status',
  (
    { version, registration, started_at: startedAt, store, upstream },
  ) => [`version ${String(version)}, running since ${String(startedAt)}, registration ${String(registration)}`,
    ...isObject(store) ? [`store ${String(store['kind'])}: ${String(store['status'])}`] : [],
    ...listOf(upstream).map(({ name, status, ms }) => `${String(name)}: ${String(status)}, ${String(ms)} ms`)], '')

export const errors: Command = view('/errors',
  ({ data }) =>
    listOf(data).map(error =>
      errorColumns.map(name => error[name]).filter(part => typeof part === 'string' || typeof part === 'number').join(
        '  ',
      )
    ), 'no warnings and no errors')

export const usageOfAll: Command = view('/usage',
  ({ data }) =>
    listOf(data).map(({ user, model, requests, input_tokens: input, output_tokens: output, credits }) =>
      `${String(user)}  ${String(model)}  ${String(requests)} requests  ${String(input)} tokens in  ${
        String(output)
      } out  ${String(credits)} credits`
    ), 'no calls yet')

function listOf (value: unknown): readonly JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}
