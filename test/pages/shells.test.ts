// The setup page's settings in each shell mean what they say. sh and bash read them here; for fish and PowerShell,
// which this machine may lack, the test applies their documented rules: fishshell.com, "Quotes"; about_Quoting_Rules.
import { spawnSync } from 'node:child_process'
import fc from 'fast-check'
import t from 'tap'

type ShellName = 'sh' | 'fish' | 'powershell'
const path: string = '../../static/assets/setup/shells.js'
const { assignments, command, shells } = await import(path) as {
  assignments: (shell: ShellName, variables: Readonly<Record<string, string>>) => string,
  command: (shell: ShellName, lines: readonly (readonly string[])[]) => string,
  shells: Readonly<Record<ShellName, { quote: (text: string) => string }>>,
}

/** What a shell gives special meaning to, next to any other character. An environment holds no NUL. */
const text = fc.array(
  fc.oneof(fc.constantFrom(...`'"\\\`$!*?~#&|;<>(){}[]=%^@, \t\n`, '‘', '’', '$(id)', '%PATH%', '$HOME', "''"),
    fc.string({ unit: 'binary', maxLength: 3 }).filter(part => !part.includes('\0'))),
  { maxLength: 12 },
).map(parts => parts.join('')).filter(part => part.isWellFormed())

const run = (program: string, script: string) => {
  const { status, stdout, stderr } = spawnSync(program, ['-c', script], { env: { PATH: process.env['PATH'] },
    timeout: 20_000 })
  return { status, out: stdout.toString(), err: stderr.toString() }
}

for (const program of ['sh', 'bash']) {
  t.test(`${program} reads any value as it is, in assignments and in commands`, async () => {
    fc.assert(fc.property(text, text, (one, two) => {
      const { status, out, err } = run(program,
        `${assignments('sh', { ONE: one, TWO: two })}\n`
          + `node_modules/.bin/node -e 'process.stdout.write(JSON.stringify([process.env.ONE,process.env.TWO]))' 2>&1`)
      if (status !== 0 || out !== JSON.stringify([one, two])) throw new Error(`${out} ${err}`)
    }), { numRuns: 25 })
    fc.assert(fc.property(fc.array(text, { minLength: 1, maxLength: 6 }), words => {
      const { status, out, err } = run(program, command('sh', [['printf', '%s\\0'], words]))
      if (status !== 0 || out !== words.map(word => `${word}\0`).join('')) throw new Error(`${out} ${err}`)
    }), { numRuns: 200 })
  })
}

t.test('fish reads any value as it is: in single quotes a backslash escapes itself and the quote alone', async t => {
  const read = (quoted: string) => {
    if (!quoted.startsWith("'")) return quoted
    t.match(quoted, /^'(?:[^'\\]|\\[^])*'$/u)
    return quoted.slice(1, -1).replace(/\\([\\'])/g, '$1')
  }
  fc.assert(fc.property(text, value => read(shells.fish.quote(value)) === value), { numRuns: 2_000 })
  fc.assert(
    fc.property(text, value => value === '' || !/^[^'].*['"\\$*?~#&|;<>(){}[\]!\s]/u.test(shells.fish.quote(value))),
  )
})

t.test('PowerShell reads any value as it is: in single quotes a doubled quote is one, of any kind', async t => {
  const kinds = "['‘’‚‛]"
  const read = (quoted: string) => {
    t.match(quoted, new RegExp(`^'(?:[^'‘’‚‛]|${kinds}{2})*'$`, 'u'))
    return quoted.slice(1, -1).replace(new RegExp(`(${kinds})${kinds}`, 'gu'), '$1')
  }
  fc.assert(fc.property(text, value => read(shells.powershell.quote(value)) === value), { numRuns: 2_000 })
})

t.test('plain words stay plain; PowerShell quotes an option that it would cut in two', async t => {
  t.equal(assignments('sh', { A: 'http://h:1/mona', B: 'a b' }), "export A=http://h:1/mona\nexport B='a b'")
  t.equal(assignments('fish', { A: 'http://h:1/mona', B: "it's" }), String.raw`set -gx A http://h:1/mona
set -gx B 'it\'s'`)
  t.equal(assignments('powershell', { A: 'http://h:1/mona', B: "it's" }),
    "$env:A = 'http://h:1/mona'\n$env:B = 'it''s'")
  const lines = [['docker', 'run', '--add-host=a.b:c'], ['-e', 'A=1']]
  t.equal(command('sh', lines), 'docker run --add-host=a.b:c \\\n  -e A=1')
  t.equal(command('powershell', lines), "docker run '--add-host=a.b:c' `\n  -e A=1")
})
