// Writes .dev.vars for `wrangler dev`: a pepper of this machine's own, when there is none. Everything else in the file is
// left as it is, and git ignores it.
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** @returns whether it wrote */
export function writeDevVars (file) {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  if (/^\s*SECRET_PEPPER\s*=\s*\S/m.test(text)) return false
  const line = `SECRET_PEPPER=${randomBytes(32).toString('base64')}\n`
  writeFileSync(file, text === '' || text.endsWith('\n') ? text + line : `${text}\n${line}`, { mode: 0o600 })
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeDevVars(fileURLToPath(new URL('../../.dev.vars', import.meta.url)))
