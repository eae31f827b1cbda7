// Runs as a separate process that is killed at any moment: 200 writers at once, and each key is printed once it is
// acknowledged.
import { writeSync } from 'node:fs'
import { openSqliteStore } from '../../src/store/sqlite.ts'

const [, , file = '', round = ''] = process.argv
const store = openSqliteStore({ file })
process.on('disconnect', () => process.exit(1))
await Promise.all(Array.from({ length: 200 }, async (_, writer) => {
  for (let n = 0;; n++) {
    const key = `storm:${round}:${writer}:${n}`
    await store.set(key, `value of ${key}`)
    writeSync(1, `${key}\n`)
    await new Promise(resolve => setImmediate(resolve))
  }
}))
