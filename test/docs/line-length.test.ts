// No line is over 120 columns. dprint wraps code, but neither strings nor comments. Pages in Markdown are wrapped by
// hand at about 150 and are not part of this.
import { globSync, readFileSync } from 'node:fs'
import t from 'tap'

const limit = 120

const covered = ['{src,static,test}/**/*.{ts,js,mjs,css,html}', '*.{ts,js,mjs}']

t.test('no line is over 120 columns', async t => {
  const files = globSync(covered, { exclude: ['static/vendor/**', 'test/**/node_modules/**'] })
  t.ok(files.length > 500, `${files.length} files`)
  t.strictSame(files.flatMap(longLines), [])
})

function longLines (file: string): string[] {
  return readFileSync(file, 'utf8').split('\n').flatMap((line, at) =>
    [...line].length > limit ? [`${file}:${at + 1} is ${[...line].length} columns wide`] : []
  )
}
