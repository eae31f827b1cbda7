// Writes static/_headers from the table of headers that Node uses. Cloudflare serves static files without the Worker,
// and reads their headers from this file. The file is committed, and a test compares it with the table.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { everyBundle, everyPage, forEver, hashedFiles } from '../security-headers.ts'

const file = fileURLToPath(new URL('../../static/_headers', import.meta.url))

/** The headers that `node/plugins/static.ts` sends with files other than pages. */
export function assetsHeaders () {
  const forAll = { ...everyPage, 'cache-control': 'no-cache' }
  const dropped = Object.keys(forAll).filter(name => everyBundle[name] === undefined).map(name => `  ! ${name}\n`)
  return `# Made by src/build/assets-headers.js from src/security-headers.ts. Do not edit.\n/*\n${
    Object.entries(forAll).map(([name, value]) => `  ${name}: ${value}\n`).join('')
  }${hashedFiles}*\n${dropped.join('')}  cache-control: ${forEver}\n`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, assetsHeaders())
