// `npx tap test/unit` runs this file, which runs the tests of the folder. In a folder, tap only finds JavaScript.
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'

t.jobs = 3
for (const name of readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' }).sort()) {
  if (!name.endsWith('.test.ts')) continue
  const file = join(import.meta.dirname, name)
  void t.spawn(process.execPath, [...process.execArgv, file], { buffered: true }, `test/unit/${name}`)
}
