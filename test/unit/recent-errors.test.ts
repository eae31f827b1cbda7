// The errors that the operator sees: few, and nothing that came from outside except short names.
import t from 'tap'
import type { Log } from '../../src/contract.ts'
import { createRecentErrors } from '../../src/recent-errors.ts'

const silent: Log = { debug () {}, info () {}, warn () {}, error () {} }

t.test('warnings and errors are kept, the newest first, and all lines still reach the log', async t => {
  const lines: string[] = []
  const write = (_fields: object, message: string) => {
    lines.push(message)
  }
  const recent = createRecentErrors(() => 5)
  const log = recent.watch({ debug: write, info: write, warn: write, error: write })
  log.info({ event: 'listening' }, 'one')
  log.warn({ event: 'audit', action: 'sign-in', user: 'mona' }, 'two')
  log.error({ reqId: 'id-1', status: 502, code: 'upstream_error', err: new TypeError('words of a prompt') }, 'three')
  t.same(lines, ['one', 'two', 'three'])
  t.same(recent.list(), [{ at: 5, level: 'error', message: 'three', event: null, code: 'upstream_error', status: 502,
    type: 'TypeError', user: null, requestId: 'id-1' }, { at: 5, level: 'warn', message: 'two', event: 'audit sign-in',
    code: null, status: null, type: null, user: 'mona', requestId: null }])
})

t.test('no detail, no message of an error, no secret, no long or odd word is kept', async t => {
  const recent = createRecentErrors(() => 0)
  const log = recent.watch(silent)
  const key = `acpk-${'a'.repeat(8)}-${'b'.repeat(32)}`
  log.warn({ detail: 'words of a prompt', code: `x${key}`, err: new Error('words') }, 'm')
  log.warn({ code: '<script>\n'.repeat(100) }, 'm')
  t.notMatch(JSON.stringify(recent.list()), /words|acpk|script>|\\n/)
  t.ok(recent.list().every(({ code }) => (code ?? '').length <= 64))
})

t.test('two hundred are kept', async t => {
  let now = 0
  const recent = createRecentErrors(() => now)
  const log = recent.watch(silent)
  for (; now < 1_000; now++) log.error({}, 'm')
  t.same([recent.list().length, recent.list()[0]?.at, recent.list().at(-1)?.at], [200, 999, 800])
})
