// Writes docs/translation.md from the table in the code. Run by `npm run docs`.
import { mkdirSync, writeFileSync } from 'node:fs'
import { renderFieldTable } from '../dialects/contract/field-table.ts'

export const heading = `# What becomes of every field

\`npm run docs\` writes this page from \`src/dialects/contract/field-table.ts\`; a test compares the two. A request
goes upstream in the client's own dialect if Copilot serves the model there. Otherwise it is translated. The reply
header \`x-proxy-dropped\` names each field that is degraded or dropped. With \`x-proxy-strict: 1\` on the request, a
loss is a 400 that names the field.

*kept*: passed on unchanged. *mapped*: an exact equivalent. *emulated*: this proxy produces the same effect.
*degraded*: kept in a weaker form. *dropped*: left out safely. *refused*: a 400, because the caller would rely on the
field. A field that is not listed is newer than this table: it passes in the same dialect if Copilot takes it, and is
dropped otherwise.

`

if (import.meta.main) {
  mkdirSync('docs', { recursive: true })
  writeFileSync('docs/translation.md', heading + renderFieldTable())
}
