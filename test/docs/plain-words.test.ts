// Plain English: words and phrases that this project avoids, because they made its texts hard to read. The rules are in
// CONTRIBUTING.md. This test finds what a regular expression can find; the reviewer of a change finds the rest.
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { withoutCode } from './markdown.ts'

/** The changelog is history; other projects wrote the libraries; this file contains the words. */
const exceptions = /^CHANGELOG\.md$|(?:^|\/)(?:vendor|node_modules)\/|^test\/docs\/plain-words\.test\.ts$/

const banned: ReadonlyArray<readonly [RegExp, string]> = [
  [/\banew\b/i, 'again'],
  [/\bmend(?:s|ed|ing)?\b/i, 'repair, normalise, fix'],
  [/\bsaid\b/i, 'name who writes what: "the message", "the answer"'],
  [/\b(?:hears?|heard)\b/i, 'receives, learns'],
  [/\btold\b/i, 'name who sends what'],
  [/\bnobody's\b/i, 'of no user, unknown'],
  [/\bso long\b/i, 'while, if'],
  [/\bbeside\b/i, 'next to'],
  [/\bshall\b/i, 'must, will'],
  [/\bwhoever\b/i, 'name the actor'],
  [/\bof wh(?:ich|om)\b/i, 'whose, or a sentence of its own'],
  [/\bmay be so much\b/i, 'at most'],
  [/\bholes?\b/i, 'vulnerability, gap'],
  [/\bstands? (?:in|on|at|there|alone)\b/i, 'is, contains'],
  [/\bsave (?:before|after|for|that|where|when)\b/i, 'except'],
  // A sentence, not a question: "Who copies this file gets …".
  [/(?:^[\s*#/>|-]*|[.!:] )Who [a-z]+s\b[^?]*$/, 'If you …, name the actor'],
]

t.test('texts for people use plain words', async t => {
  const files = [...['.', 'docs', 'docs/decisions'].flatMap(folder => filesIn(folder, false)),
    ...['src', 'static', 'test'].flatMap(folder => filesIn(folder, true))]
  t.ok(files.length > 800, `${files.length} files`)
  for (const file of files) t.strictSame(findings(file, readFileSync(file, 'utf8')), [], file)
})

t.test('the check finds a word in prose, and in the name of a variable', t => {
  t.strictSame(findings('a.md', 'It is sent anew.\n\n```\nanew\n```\n`anew`, renewed, amended, besides'), [
    '1: anew → again',
  ])
  t.strictSame(findings('a.js', 'const isSaid = 1'), ['1: Said → name who writes what: "the message", "the answer"'])
  t.strictSame(findings('a.md', 'Who copies it gets nothing.\nWho is it for?'), [
    '1: Who copies it gets nothing. → If you …, name the actor',
  ])
  t.end()
})

function filesIn (folder: string, recursive: boolean): string[] {
  return readdirSync(folder, { recursive, encoding: 'utf8' }).map(name => join(folder, name)).filter(file =>
    /\.(?:md|ts|js|mjs|html|css)$|^\.env\.example$/.test(file) && !exceptions.test(file)
  )
}

/** Ignores code in a page: `CONTRIBUTING.md` quotes there what not to write. */
function findings (file: string, text: string): string[] {
  const isPage = file.endsWith('.md')
  const prose = isPage ? withoutCode(text).replaceAll(/`[^`\n]*`/g, '`…`') : text.replaceAll(/([a-z])([A-Z])/g, '$1 $2')
  return prose.split('\n').flatMap((line, at) =>
    banned.flatMap(([pattern, instead]) => {
      const found = pattern.exec(line)
      return found === null ? [] : [`${at + 1}: ${found[0].trim()} → ${instead}`]
    })
  )
}
