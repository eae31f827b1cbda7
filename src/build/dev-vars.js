// Writes .dev.vars for `wrangler dev`: adds a pepper for this machine if the file has none. The rest of the file stays
// unchanged. Git ignores the file.
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

/** @param {boolean} hasState whether a local KV already exists */
export function madeMessage (hasState) {
  return `Made a SECRET_PEPPER for this machine, in .dev.vars. Keep the file as long as the users of the local KV.${
    hasState
      ? ' There is a local KV already: users that were sealed with another pepper cannot sign in. Put the old '
        + '.dev.vars back, or delete .wrangler/state.'
      : ''
  }`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, state] = ['../../.dev.vars', '../../.wrangler/state/v3/kv'].map(path =>
    fileURLToPath(new URL(path, import.meta.url))
  )
  if (writeDevVars(file)) console.log(madeMessage(existsSync(state)))
}
