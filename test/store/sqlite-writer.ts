// Run as a process of its own by sqlite.test.ts, to be killed at any moment: prints each key once it is acknowledged.
import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/store/sqlite.ts'

const [, , file = '', round = ''] = process.argv
const store = openSqliteStore({ file })
for (let n = 0; ; n++) {
  const key = `round:${round}:${n}`
  await store.set(key, `value of ${key} ${'x'.repeat(n % 4_000)}`)
  writeSync(1, `${key}\n`)
}
