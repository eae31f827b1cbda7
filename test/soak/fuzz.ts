// The properties of test/faults/fuzz.ts for a minute each, or for as many seconds as the first argument says. Inputs
// that fail belong in test/faults/corpus/, where every run tries them first.
import fc from 'fast-check'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { accountTypes, checkAccountType, checkRecord, checkRequest, checkSse, records, requests,
  sse } from '../faults/fuzz.ts'
import { call } from '../fixtures/http.ts'
import { checkSession, sessionActions } from '../fixtures/session-world.ts'

const interruptAfterTimeLimit = Math.min(600, Number(process.argv[2] ?? 60)) * 1_000
const emulator = await startEmulator({ strict: { quota: false } })
const server = await startServer(
  readConfig({ PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent', USER_REQUESTS_PER_MINUTE: '0', ...emulator.env }),
)
const origin = server.origin.replace('localhost', '127.0.0.1')
const seat = emulator.addSeat()
const user = { username: 'alice', password: 'acpc-0123456789', seat, base: `${origin}/alice/v1` }
await call(`${origin}/`, { json: { username: user.username, password: user.password, token: seat.githubToken } })

const properties = {
  sse: fc.property(sse, ([text, cuts]) => {
    checkSse(text, cuts)
  }),
  record: fc.property(records, checkRecord),
  'account-type': fc.property(accountTypes, checkAccountType),
  'socket-session': fc.asyncProperty(sessionActions, checkSession),
  request: fc.asyncProperty(requests, async request => {
    await checkRequest(user, request)
    emulator.requests.length = 0
  }),
} as const
let failed = false
for (const [topic, property] of Object.entries(properties)) {
  const { numRuns, counterexample, errorInstance } = await fc.check(property as fc.IAsyncProperty<[unknown]>, {
    numRuns: 10_000_000,
    interruptAfterTimeLimit,
    markInterruptAsFailure: false,
  })
  failed ||= counterexample !== null
  process.stdout.write(
    `${counterexample === null ? 'ok    ' : 'FAILED'} ${topic}: ${numRuns} cases${
      counterexample === null ? '' : `\n${JSON.stringify(counterexample)}\n${String(errorInstance)}`
    }\n`,
  )
}
await server.close()
await emulator.close()
process.exitCode = failed ? 1 : 0
