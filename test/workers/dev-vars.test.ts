import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
// @ts-expect-error plain JavaScript, run without a build
import { writeDevVars as untyped } from '../../src/build/dev-vars.js'

const writeDevVars = untyped as (file: string) => boolean
const dir = mkdtempSync(join(tmpdir(), 'dev-vars-'))
t.teardown(() => {
  rmSync(dir, { recursive: true })
})

void t.test('writeDevVars() writes a pepper once if there is none, and leaves the rest unchanged', async t => {
  const file = join(dir, '.dev.vars')
  const pepper = () => /^SECRET_PEPPER=(.+)$/m.exec(readFileSync(file, 'utf8'))?.[1] ?? ''
  t.equal(writeDevVars(file), true)
  t.equal(Buffer.from(pepper(), 'base64').length, 32)
  t.equal(statSync(file).mode & 0o777, 0o600)
  const first = pepper()
  t.equal(writeDevVars(file), false)
  t.equal(pepper(), first)
  writeFileSync(file, 'LOG_LEVEL=debug\nSECRET_PEPPER=')
  t.equal(writeDevVars(file), true)
  t.match(readFileSync(file, 'utf8'), /^LOG_LEVEL=debug\nSECRET_PEPPER=\nSECRET_PEPPER=\S{44}\n$/)
})
