// `witness`: compares a real seat with docs/spec. It sends its questions through a gateway: a running one (`--url`,
// also a Worker), or one that it starts on loopback with the configured store.
import { parseArgs } from 'node:util'
import { isUsername } from '../../auth/account.ts'
import { isObject, type JsonObject } from '../../json.ts'
import type { Question, Report } from '../../witness/question.ts'
import { questions } from '../../witness/questions.ts'
import { renderList, renderReport } from '../../witness/report.ts'
import { readAddress } from './doctor-deployment.ts'
import { plain, UsageError, type Command, type Io } from './io.ts'
import { readPassword } from './read-password.ts'
import { unexpected, withGateway } from './with-gateway.ts'

/** Longer than all questions together may take. */
const runMs = 15 * 60_000

const options = {
  user: { type: 'string' },
  url: { type: 'string' },
  only: { type: 'string' },
  list: { type: 'boolean', default: false },
  yes: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const

/** @returns 0 when every fact holds, 1 when one differs */
export const witness: Command = async (args, io) => {
  const { values } = parseArgs({ args: [...args], options })
  const asked = choose(values.only)
  if (values.list) {
    for (const line of renderList(asked)) io.out(line)
    return 0
  }
  const { user } = values
  if (user === undefined || !isUsername(user)) throw new UsageError('--user names the user whose seat is asked.')
  const address = values.url === undefined ? null : readAddress(values.url)
  if (!values.yes && !await isAgreed(asked, io)) return 0
  const password = await readPassword(io)
  const report = await run({ user, password, address, asked }, io)
  if (values.json) io.out(JSON.stringify(report))
  else for (const line of renderReport(report)) io.out(plain(line))
  return report.differs.length === 0 ? 0 : 1
}

function choose (only: string | undefined): readonly Question[] {
  if (only === undefined) return questions
  const ids = only.split(',').map(id => id.trim())
  const unknown = ids.find(id => !questions.some(question => question.id === id))
  if (unknown !== undefined) {
    throw new UsageError(`--only takes ids of --list, separated by commas; ${plain(unknown)} is not one of them.`)
  }
  return questions.filter(({ id }) => ids.includes(id))
}

async function isAgreed (asked: readonly Question[], { err, ask }: Io): Promise<boolean> {
  for (const line of renderList(asked)) err(line)
  const answer = await ask('Ask them now? [y/N] ')
  if (answer === null) throw new UsageError('Without a terminal, --yes agrees to what --list shows.')
  return /^y(?:es)?$/i.test(answer.trim())
}

interface Asked {
  readonly user: string
  readonly password: string
  readonly address: string | null
  readonly asked: readonly Question[]
}

/** @throws {Error} in one line, when the gateway or the seat cannot be asked */
async function run ({ user, password, address, asked }: Asked, io: Io): Promise<Report> {
  const answer = await withGateway(address, io,
    ask =>
      ask({ method: 'POST', path: `/${user}/v1/witness`, password, ms: runMs, body: { only: asked.map(({ id }) =>
        id
      ) } }))
  if (answer.status === 200 && isReport(answer.json)) return answer.json
  throw unexpected(answer)
}

function isReport (answer: JsonObject | null): answer is JsonObject & Report {
  return answer?.['object'] === 'witness' && ['holds', 'differs', 'skipped', 'asked'].every(name =>
    Array.isArray(answer[name])
  ) && isObject(answer['new'])
}
