// sqlite.test.ts runs this as a separate process and kills it at any moment. It prints each key once the store
// acknowledges it.
import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/store/sqlite.ts'

const [, , file = '', round = ''] = process.argv
const store = openSqliteStore({ file })
for (let n = 0;; n++) {
  const key = `round:${round}:${n}`
  await store.set(key, `value of ${key} ${'x'.repeat(n % 4_000)}`)
  writeSync(1, `${key}\n`)
}
