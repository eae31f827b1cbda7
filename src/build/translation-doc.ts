// Writes docs/translation.md from the table in the code: node src/build/translation-doc.ts
import { mkdirSync, writeFileSync } from 'node:fs'
import { renderFieldTable } from '../dialects/field-table.ts'

export const heading = `# What becomes of every field

Made from \`src/dialects/field-table.ts\` by \`npm run docs\`; a test compares the two. A request goes to the client's own dialect where
Copilot serves the model there, and is translated otherwise. What is degraded or dropped is named in the reply header \`x-proxy-dropped\`;
with \`x-proxy-strict: 1\` on the request it is a 400 that names the field. *kept*: passed on as it came. *mapped*: an exact equivalent.
*emulated*: the same effect, made by this proxy. *degraded*: kept in a weaker form. *dropped*: left out, safely. *refused*: a 400, for the
caller would rely on it. Fields not named here are the vendor's newest: passed on in the same dialect where Copilot takes them, dropped otherwise.

`

if (import.meta.main) {
  mkdirSync('docs', { recursive: true })
  writeFileSync('docs/translation.md', heading + renderFieldTable())
}
