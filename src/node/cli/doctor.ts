// `doctor`: checks what an operator would check first, in the order of dependence. Its output is safe to paste: it
// contains no user name, path or secret, and also passes the log's filter.
import { parseArgs } from 'node:util'
import { isUsername } from '../../auth/account.ts'
import { createPeppers } from '../../auth/peppers.ts'
import type { Config } from '../../config.ts'
import { scrub } from '../../scrub.ts'
import packageJson from '../../../package.json' with { type: 'json' }
import { createNodeSend } from '../send.ts'
import { fail, ok, skip, type Check } from './doctor-check.ts'
import { checkDeployment, readAddress } from './doctor-deployment.ts'
import { checkNetwork } from './doctor-network.ts'
import { checkSafety, checkSettings } from './doctor-settings.ts'
import { checkDataDir, checkStore } from './doctor-store.ts'
import { checkUser } from './doctor-user.ts'
import { silent, UsageError, type Command, type Io } from './io.ts'
import { readPassword } from './read-password.ts'

interface Asked {
  readonly user: { readonly name: string, readonly password: string } | null
  readonly address: string | null
}

export const doctor: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args],
    options: { user: { type: 'string' }, url: { type: 'string' }, json: { type: 'boolean', default: false } } })
  if (values.user !== undefined && !isUsername(values.user)) throw new UsageError('--user is the name of a user.')
  const address = values.url === undefined ? null : readAddress(values.url)
  const user = values.user === undefined ? null : { name: values.user, password: await readPassword(io) }
  const checks = await checkAll({ user, address }, io)
  const isFine = checks.every(({ status }) => status !== 'fail')
  if (values.json) io.out(scrub(JSON.stringify({ ok: isFine, version: packageJson.version, checks })))
  else printChecks(checks, io)
  return isFine ? 0 : 1
}

async function checkAll (asked: Asked, io: Io): Promise<Check[]> {
  const { version } = packageJson
  const { config, checks } = checkSettings(io.env)
  const about = [ok('version', `copilot-proxy ${version}`),
    ok('node', `${process.version}, ${process.platform} ${process.arch}`), ...checks]
  if (config === null) return [...about, skip('rest', 'needs settings that can be read')]
  return [...about, ...checkSafety(config), ...await checkSurroundings(config, asked, io, version)]
}

async function checkSurroundings (
  config: Config,
  { user, address }: Asked,
  { clock }: Io,
  version: string,
): Promise<Check[]> {
  const { send, close } = createNodeSend(config)
  const checks = checkDataDir(config)
  const { store, checks: ofStore } = await checkStore(config, clock)
  try {
    checks.push(...ofStore, ...await checkNetwork(config, send, clock))
    if (user !== null) {
      const peppers = createPeppers(config.pepper, config.previousPepper, silent)
      checks.push(
        ...store === null
          ? [fail('user', 'there is no store to look in')]
          : await checkUser(user.name, user.password, { config, store, peppers, send, clock, log: silent }),
      )
    }
    if (address !== null) checks.push(...await checkDeployment(address, config, version, clock))
    return checks
  } finally {
    await store?.close()
    await close()
  }
}

function printChecks (checks: readonly Check[], { out }: Io): void {
  const width = Math.max(...checks.map(({ name }) => name.length))
  for (const { name, status, detail, remedy, ms } of checks) {
    out(scrub(`${status.padEnd(4)}  ${name.padEnd(width)}  ${detail}${ms === undefined ? '' : `, ${ms} ms`}`))
    if (remedy !== undefined) out(`${' '.repeat(width + 8)}${scrub(remedy)}`)
  }
  const count = (wanted: Check['status']) => checks.filter(({ status }) => status === wanted).length
  out(`${count('fail')} failed, ${count('warn')} worth a look, ${count('ok')} fine.`)
}
