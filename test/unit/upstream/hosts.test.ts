import fc from 'fast-check'
import t from 'tap'
import { copilotBase, readAccountType } from '../../../src/upstream/hosts.ts'
import { configOf } from '../helpers/upstream.ts'

const config = configOf()

t.test('readAccountType() accepts one DNS label, and is null if there is none', async t => {
  for (const [header, label] of [['business', 'business'], [' individual ', 'individual'], ['a', 'a'], ['a-b-1',
    'a-b-1'], ['x'.repeat(63), 'x'.repeat(63)]] as const) t.equal(readAccountType(header, config), label)
  for (const header of [undefined, '', ' ']) t.equal(readAccountType(header, config), null)
  const wrong = ['Business', 'a.b', '-a', 'a-', 'x'.repeat(64), 'a b', 'a/b', 'a@b', 'evil.com#', 'a:1', 'ä', 'a,b',
    '{account}']
  for (const header of wrong) {
    t.throws(() => readAccountType(header, config), { code: 'invalid_request', status: 400,
      param: 'x-copilot-account-type' }, header)
  }
})

t.test('readAccountType() accepts only the types in ACCOUNT_TYPES if it is set', async t => {
  const limited = configOf({ ACCOUNT_TYPES: 'individual, business' })
  t.equal(readAccountType('business', limited), 'business')
  t.throws(() => readAccountType('enterprise', limited), { code: 'invalid_request', message: /individual, business/ })
})

t.test("for every account type the host is one of Copilot's", async () => {
  fc.assert(
    fc.property(
      fc.oneof(fc.string(),
        fc.string({ unit: fc.constantFrom('a', '-', '.', '/', '@', '#', '?', ':', '\\', '%', '1') })),
      header => {
        let label: string | null
        try {
          label = readAccountType(header, config)
        } catch {
          return true
        }
        const { hostname, protocol, username, port } = new URL(`${copilotBase(label, null, config)}/models`)
        return protocol === 'https:' && username === '' && port === ''
          && /^api\.(?:[a-z0-9-]+\.)?githubcopilot\.com$/.test(hostname)
      },
    ),
    { numRuns: 2_000 },
  )
})

t.test('copilotBase() prefers the account host, then the one that the token named, then the default', async t => {
  t.equal(copilotBase('business', 'https://api.individual.githubcopilot.com', config),
    'https://api.business.githubcopilot.com')
  t.equal(copilotBase(null, 'https://api.individual.githubcopilot.com', config),
    'https://api.individual.githubcopilot.com')
  t.equal(copilotBase(null, null, config), 'https://api.githubcopilot.com')
})
