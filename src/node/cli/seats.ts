// `seats`: lists, links and removes a user's GitHub accounts, through a gateway. A new one is linked by GitHub's device
// flow, or by a token from the environment: arguments show in process lists.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { isUsername } from '../../auth/account.ts'
import { isObject, type JsonObject } from '../../json.ts'
import { readAddress } from './doctor-deployment.ts'
import { plain, UsageError, type Command, type Io } from './io.ts'
import { readPassword } from './read-password.ts'
import { unexpected, withGateway, type AskGateway, type GatewayAnswer } from './with-gateway.ts'

const askMs = 60_000
const options = { user: { type: 'string' }, url: { type: 'string' },
  json: { type: 'boolean', default: false } } as const

export const seats: Command = async (args, io) => {
  const { values: { user, url, json }, positionals: [action = 'list', name, ...more] } = parseArgs({ args: [...args],
    allowPositionals: true, options })
  if (user === undefined || !isUsername(user)) throw new UsageError('--user names the user whose seats they are.')
  if (!['list', 'add', 'remove'].includes(action)) {
    throw new UsageError('It is "seats list", "seats add <name>" or "seats remove <name>".')
  }
  if (action !== 'list' && name === undefined) throw new UsageError(`"seats ${action}" needs a name.`)
  if (more.length > 0) throw new UsageError('There are too many arguments.')
  const address = url === undefined ? null : readAddress(url)
  const password = await readPassword(io)
  const path = `/${user}/v1/seats${name === undefined ? '' : `/${encodeURIComponent(name)}`}`
  const answer = await withGateway(address, io, async ask => {
    if (action === 'list') return ask({ method: 'GET', path: `/${user}/v1/seats`, password, ms: askMs })
    if (action === 'remove') return ask({ method: 'DELETE', path, password, ms: askMs })
    const token = io.env['COPILOT_PROXY_GITHUB_TOKEN'] ?? await linkGitHub(ask, io)
    return ask({ method: 'PUT', path, password, ms: askMs, body: { token } })
  })
  if ((answer.status !== 200 && answer.status !== 201) || answer.json === null) throw unexpected(answer)
  if (json) io.out(JSON.stringify(answer.json))
  else print(action, answer, io)
  return 0
}

/** A token of GitHub for the account that approves the code. @throws {Error} in one line */
async function linkGitHub (ask: AskGateway, io: Io): Promise<string> {
  const started = await ask({ method: 'POST', path: '/github/get-device-code', ms: askMs, body: {} })
  const { device_code: deviceCode, user_code: userCode, verification_uri: place, interval } = started.json ?? {}
  if (started.status !== 200 || typeof userCode !== 'string') throw unexpected(started)
  io.err(`Open ${plain(String(place))} and enter ${plain(userCode)}.`)
  let seconds = Number(interval)
  for (;;) {
    await sleep(seconds * 1_000)
    const polled = await ask({ method: 'POST', path: '/github/poll-device-code', ms: askMs,
      body: { device_code: deviceCode } })
    const token = polled.json?.['access_token']
    if (polled.status === 200 && typeof token === 'string') return token
    if (polled.status === 429) seconds = Number(polled.json?.['interval'] ?? seconds)
    else if (polled.status !== 202) throw new Error(`GitHub was not linked: ${reasonOf(polled)}`)
  }
}

function reasonOf ({ json, status }: GatewayAnswer): string {
  const state = json?.['status']
  return typeof state === 'string' ? plain(state).slice(0, 100) : `status ${status}`
}

function print (action: string, { json }: GatewayAnswer, io: Io): void {
  if (action === 'remove') return io.out('removed')
  const list = action === 'list' && Array.isArray(json?.['data']) ? json['data'].filter(isObject) : [json ?? {}]
  for (const seat of list) io.out(lineOf(seat))
  if (json?.['status'] === 'saved-unchecked') io.err('GitHub could not be reached to check the token.')
}

function lineOf ({ name, login, plan, problem }: JsonObject): string {
  return plain(
    [name, ...typeof problem === 'string' ? [problem] : [login ?? 'no login', plan ?? 'unknown plan']].join('  '),
  )
}
