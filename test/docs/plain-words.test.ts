// Plain English: words and turns of phrase that this project does not use, because they made its texts hard to read.
// The rules are in CONTRIBUTING.md. Only what a regular expression can decide is here; the rest is for the reader of a
// change.
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'
import { withoutCode } from './markdown.ts'

/** Files to check, a pattern a line. */
const covered: readonly string[] = `
  {README,SECURITY,CONTRIBUTING}.md
  .env.example
  docs/*.md
  docs/decisions/*.md
  static/*.html
  static/assets/**/*.{js,ts,css}
  src/*.ts
  src/auth/**/*.ts
  src/build/**/*.{ts,js}
  src/dialects/*/*.ts
  src/dialects/*/request/**/*.ts
  src/emulator/**/*.ts
  src/handlers/**/*.ts
  src/node/cli/**/*.ts
  src/openapi/**/*.ts
  src/rules/**/*.ts
  src/store/**/*.ts
  src/upstream/**/*.ts
  src/usage/**/*.ts
  src/witness/**/*.ts
  test/acceptance/**/*.ts
  test/cli/**/*.ts
  test/clients/*.ts
  test/dialects/**/*.ts
  test/emulator/**/*.ts
  test/faults/**/*.ts
  test/golden/**/*.ts
  test/matrix/**/*.ts
  test/operations/**/*.ts
  test/pages/**/*.ts
  test/rules/**/*.ts
  test/store/**/*.ts
  test/suite/**/*.ts
  test/unit/*.{ts,mjs}
  test/unit/{auth,helpers,node,upstream,usage}/**/*.ts
  test/workers/**/*.ts
`.trim().split(/\s+/)

/** The fast path replaces these files. */
const notYet: readonly string[] = ['src', 'test'].flatMap(root => globSync(`${root}/dialects/shared/framed-*.ts`))

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
  const files = globSync(covered).filter(file => !notYet.includes(file))
  t.ok(files.length > 50, `${files.length} files`)
  for (const pattern of covered) t.not(globSync(pattern).length, 0, `${pattern} finds files`)
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

/** Code in a page is not checked: `CONTRIBUTING.md` quotes there what not to write. */
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
