// Writes the tables of rules into docs/spec/copilot.md#rules, between two markers: node src/build/rules-doc.ts
import { readFileSync, writeFileSync } from 'node:fs'
import { renderRules } from '../rules/render.ts'

const path = 'docs/spec/copilot.md'
const begin = '<!-- rules:begin -->'
const end = '<!-- rules:end -->'

/** @throws {Error} if a marker is missing */
export function withRules (document: string): string {
  const from = document.indexOf(begin)
  const to = document.indexOf(end)
  if (from === -1 || to < from) throw new Error(`${path} lacks ${begin} or ${end}`)
  return `${document.slice(0, from + begin.length)}\n\n${renderRules()}\n${document.slice(to)}`
}

if (import.meta.main) writeFileSync(path, withRules(readFileSync(path, 'utf8')))
