// Writes static/_headers from the table of headers that Node uses. Cloudflare serves static files without the Worker,
// and reads their headers from this file. The file is committed, and a test compares it with the table.
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diagramFramePath, everyBundle, everyPage, forEver, hashedFiles, headersOfFile } from '../security-headers.ts'

const file = fileURLToPath(new URL('../../static/_headers', import.meta.url))

/**
 * The headers that `node/plugins/static.ts` sends with files other than pages. `!` takes back what the rule for all
 * files has set: https://developers.cloudflare.com/workers/static-assets/headers/
 */
export function assetsHeaders () {
  const forAll = { ...everyPage, 'cache-control': 'no-cache' }
  const ofFrame = Object.entries(headersOfFile(diagramFramePath)).filter(([name, value]) => everyPage[name] !== value)
  const notOfBundles = Object.keys(forAll).filter(name => everyBundle[name] === undefined)
  return `# Made by src/build/assets-headers.js from src/security-headers.ts. Do not edit.\n${
    rule('/*', [], Object.entries(forAll))
  }${rule(diagramFramePath, ofFrame.map(([name]) => name), ofFrame)}${
    rule(`${hashedFiles}*`, notOfBundles, [['cache-control', forEver]])
  }`
}

/**
 * @param {string} path
 * @param {readonly string[]} dropped
 * @param {ReadonlyArray<readonly [string, string]>} headers
 */
function rule (path, dropped, headers) {
  return [path, ...dropped.map(name => `  ! ${name}`), ...headers.map(([name, value]) => `  ${name}: ${value}`), '']
    .join('\n')
}

// `wrangler dev` watches the folder: a file that is written again starts the next build.
if (process.argv[1] === fileURLToPath(import.meta.url) && readFileSync(file, 'utf8') !== assetsHeaders()) {
  writeFileSync(file, assetsHeaders())
}
