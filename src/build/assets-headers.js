// Writes static/_headers from the table of headers that Node uses. Cloudflare serves static files without the Worker,
// and reads their headers from this file. The file is committed, and a test compares it with the table.
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { diagramFramePath, everyPage, headersOfFile } from '../security-headers.ts'

const file = fileURLToPath(new URL('../../static/_headers', import.meta.url))

/**
 * The headers that `node/plugins/static.ts` sends with files other than pages. `!` takes back what the rule for all
 * files has set: https://developers.cloudflare.com/workers/static-assets/headers/
 */
export function assetsHeaders () {
  const ofFrame = Object.entries(headersOfFile(diagramFramePath)).filter(([name, value]) => everyPage[name] !== value)
  return `# Made by src/build/assets-headers.js from src/security-headers.ts. Do not edit.\n/*\n${
    lines(Object.entries({ ...everyPage, 'cache-control': 'no-cache' }))
  }\n${diagramFramePath}\n${ofFrame.map(([name]) => `  ! ${name}\n`).join('')}${lines(ofFrame)}`
}

/** @param {[string, string][]} headers */
function lines (headers) {
  return headers.map(([name, value]) => `  ${name}: ${value}\n`).join('')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(file, assetsHeaders())
