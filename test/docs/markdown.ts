// Reads pages for the tests: sections, tables, links and the anchors of headings.
import { readFileSync } from 'node:fs'

export interface Page {
  readonly file: string
  readonly text: string
}
export interface Link {
  readonly target: string
  readonly line: number
}

export function readPage (file: string): Page {
  return { file, text: readFileSync(file, 'utf8') }
}

/** From this heading to the next of the same rank or higher. @throws {Error} if there is none */
export function section ({ file, text }: Page, heading: string): string {
  const lines = withoutCode(text).split('\n')
  const from = lines.indexOf(heading)
  if (from === -1) throw new Error(`${file} has no "${heading}"`)
  const rank = /^#+/.exec(heading)?.[0].length ?? 1
  const length = lines.slice(from + 1).findIndex(line => new RegExp(`^#{1,${rank}} `).test(line))
  return lines.slice(from, length === -1 ? undefined : from + 1 + length).join('\n')
}

/** The cells of every row of every table, without the heads. An escaped bar belongs to its cell. */
export function rows (text: string): string[][] {
  const found = text.split('\n').filter(line => line.startsWith('|')).map(line =>
    line.split(/(?<!\\)\|/).slice(1, -1).map(cell => cell.trim())
  )
  const isRule = (cells: readonly string[] | undefined) => cells?.every(cell => /^:?-+:?$/.test(cell)) === true
  return found.filter((cells, at) => !isRule(cells) && !isRule(found[at + 1]))
}

/** All texts between backticks. */
export function quoted (text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)
}

export function links ({ text }: Page): Link[] {
  return withoutCode(text).split('\n').flatMap((line, at) =>
    [...line.replaceAll(/`[^`]*`/g, '').matchAll(/\]\(\s*<?([^)\s>]+)>?(?:\s+"[^"]*")?\s*\)|\b(?:href|src)="([^"]+)"/g)]
      .map(([, inline, html]) => ({ target: inline ?? html ?? '', line: at + 1 }))
  )
}

/**
 * The anchors of headings as GitHub makes them (lower case, no punctuation, hyphens for spaces, a number for each
 * repetition), and those that a page sets itself with `<a id="…">`.
 */
export function anchors ({ text }: Page): Set<string> {
  const seen = new Map<string, number>()
  return new Set(withoutCode(text).split('\n').flatMap(line => {
    const heading = /^#{1,6} +(.+?) *#*$/.exec(line)?.[1]
    if (heading === undefined) return [...line.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id)
    const slug = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase().replaceAll(/[^\p{L}\p{M}\p{N}_ -]/gu,
      '').replaceAll(' ', '-')
    const before = seen.get(slug) ?? 0
    seen.set(slug, before + 1)
    return [before === 0 ? slug : `${slug}-${before}`]
  }))
}

/** Replaces fenced blocks by empty lines, so that line numbers stay the same. */
export function withoutCode (text: string): string {
  return text.replaceAll(/^( *)(```+|~~~+)[\s\S]*?^\1\2/gm, block => '\n'.repeat(block.split('\n').length - 1))
}
