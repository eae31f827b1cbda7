// The form of a name and a password, and which pages count as our own.
import t from 'tap'
import { isFreeName, isPassword, isUsername, reserved } from '../../../src/auth/account.ts'
import { readCredential } from '../../../src/auth/credentials.ts'
import { assertSameOrigin } from '../../../src/auth/same-origin.ts'
import { readCopilotToken, readGitHubToken } from '../../../src/upstream/secrets.ts'
import { password, token } from '../helpers/process.ts'

const routes = ['admin', 'api', 'assets', 'chat', 'github', 'healthz', 'metrics', 'readyz', 'static', 'users', 'v1']

t.test('isUsername() accepts lower-case words with single hyphens, 64 characters at most, and no route', async t => {
  for (const name of ['a', 'alice', 'a-b-c', '007', 'x'.repeat(64)]) t.equal(isUsername(name), true, name)
  for (const name of ['', 'Alice', 'a--b', '-a', 'a-', 'a_b', 'a.b', 'a b', 'a\n', 'é', 'x'.repeat(65), '__proto__',
    '../a', ...routes]) t.equal(isUsername(name), false, name)
})

t.test('isFreeName() refuses every reserved name; a user who has a later one keeps it', async t => {
  const later = ['connect', 'session', 'setup', 'v1beta']
  t.strictSame([...reserved], [...routes, ...later])
  for (const name of reserved) t.equal(isFreeName(name), false, name)
  for (const name of later) t.equal(isUsername(name), true, name)
  t.equal(isFreeName('alice'), true)
  t.equal(isFreeName('Alice'), false)
})

t.test('isPassword(), readGitHubToken() and readCopilotToken() accept exactly their own form', async t => {
  t.equal(isPassword(password), true)
  for (const text of ['', 'acpc-', `${password}x`, `x${password}`, password.slice(0, -1), 'ACPC-Ab3dEf6hIj',
    'acpc-Ab3dEf6hI_', `${password}\n`]) t.equal(isPassword(text), false, text)
  t.equal(readGitHubToken(token), token)
  for (const text of ['', 'gho_short', 'ghp_0123456789abcdefABCDEF0123456789abcd', 'github_pat_0123456789abcdef',
    `${token}\n`, ` ${token}`, `gho_${'x'.repeat(252)}`]) t.equal(readGitHubToken(text), null, text)
  for (const text of ['a', 'tid=1;exp=2;ip=203.0.113.7;asn=AS 1:mac', 'x'.repeat(8_192)]) {
    t.equal(readCopilotToken(text), text)
  }
  for (const value of ['', ' a', 'a ', 'a\nb', 'é', 'x'.repeat(8_193), null, 7, undefined]) {
    t.equal(readCopilotToken(value), null, String(value))
  }
})

t.test('readCredential() is null for a malformed password, before any store call', async t => {
  for (const value of [`Bearer ${password}'--`, 'Bearer ', 'Bearer', `Bearer ${'x'.repeat(100)}`,
    `Bearer a ${password}`, `Token ${password}`]) t.equal(readCredential({ authorization: value }), null, value)
  t.equal(readCredential({ authorization: `Bearer  ${password} ` }), password)
  t.equal(readCredential({}), null)
})

t.test('assertSameOrigin() accepts own pages and tools, and rejects every other page', async t => {
  const enter =
    (headers: Record<string, string>, host = 'copilot.example:8787', publicOrigin: string | null = null) => () => {
      assertSameOrigin({ headers, host }, publicOrigin)
    }
  for (const headers of [{}, { 'sec-fetch-site': 'same-origin' }, { 'sec-fetch-site': 'none' }, {
    origin: 'http://copilot.example:8787',
  }, { origin: 'https://copilot.example:8787' }]) t.doesNotThrow(enter(headers))
  t.doesNotThrow(enter({ origin: 'https://people.example' }, 'inner:1', 'https://people.example'))
  const refused = { code: 'cross-site', status: 403 }
  const wrong: Array<Record<string, string>> = [{ 'sec-fetch-site': 'cross-site' }, { 'sec-fetch-site': 'same-site' }, {
    'sec-fetch-site': 'odd',
  }, { 'sec-fetch-site': 'cross-site', origin: 'http://copilot.example:8787' }, { origin: 'null' }, { origin: '' }, {
    origin: 'http://copilot.example',
  }, { origin: 'http://copilot.example:8787.evil.example' }, { origin: 'https://evil.example' }]
  for (const headers of wrong) t.throws(enter(headers), refused, JSON.stringify(headers))
})
