// A few seconds for each property; test/soak/fuzz.ts takes a minute for each.
import fc from 'fast-check'
import t from 'tap'
import { startBench } from './bench.ts'
import { accountTypes, checkAccountType, checkRecord, checkRequest, checkSse, corpus, records, requests,
  sse } from './fuzz.ts'
import { ask, paths } from './frame.ts'

t.setTimeout(120_000)
const limit = { interruptAfterTimeLimit: 4_000, markInterruptAsFailure: false }

void t.test('every failure of the past stays fixed', async t => {
  for (const [text, cuts] of corpus('sse') as Array<[string, number[]]>) {
    t.doesNotThrow(() => checkSse(text, cuts), JSON.stringify(text).slice(0, 60))
  }
  for (const value of corpus('record') as string[]) t.doesNotThrow(() => checkRecord(value))
  for (const value of corpus('account-type') as string[]) t.doesNotThrow(() => checkAccountType(value))
})

void t.test('scanner, repairs and decoders throw only GatewayErrors, however a stream is cut', async () => {
  fc.assert(fc.property(sse, ([text, cuts]) => {
    checkSse(text, cuts)
  }), { numRuns: 4_000, ...limit })
})
void t.test('any bytes as a record are read or refused', async () => {
  fc.assert(fc.property(records, checkRecord), { numRuns: 4_000, ...limit })
})
void t.test('the account type never leads to another host', async () => {
  fc.assert(fc.property(accountTypes, checkAccountType), { numRuns: 4_000, ...limit })
})

void t.test('requests on the three routes never get a 500, nor anything but JSON or a stream', async t => {
  const { addUser, emulator } = await startBench(t)
  Object.assign(emulator.strict, { quota: false })
  const user = await addUser('alice')
  for (const body of corpus('request') as Array<Parameters<typeof checkRequest>[1]>) await checkRequest(user, body)
  await fc.assert(fc.asyncProperty(requests, async request => {
    await checkRequest(user, request)
  }), { numRuns: 600, interruptAfterTimeLimit: 8_000, markInterruptAsFailure: false })
  t.equal((await ask(user)).status, 200,
    `${
      emulator.requests.filter(({ path }) => Object.values(paths).includes(path as '/responses')).length
    } of them reached upstream`)
})
