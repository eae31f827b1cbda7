// Codex with its catalogue, and through compactions of each kind. Run by `npm run test:clients`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { Script } from '../../src/emulator/script.ts'
import { codex, type CodexOptions } from './codex.ts'
import { inFreshHome, startHouse, type Run } from './harness.ts'

const models = ['gpt-5.3-codex', 'claude-sonnet-4.6', 'gpt-4.1']
const patch = '*** Begin Patch\n*** Add File: proof.txt\n+patched\n*** End Patch\n'
const house = await startHouse()
t.teardown(() => house.close())

for (const model of models) {
  const isNative = model === models[0]

  for (const access of ['command', 'file'] as const) {
    t.test(`with its catalogue by ${access}, Codex patches a file with ${model}, and warns of nothing`, async t => {
      await inFreshHome(async cwd => {
        // Upstream knows a custom tool only on Responses: elsewhere it is a function with one text.
        const calls = [{ name: 'apply_patch', arguments: isNative ? patch : JSON.stringify({ input: patch }) }]
        const { stdout, stderr } = await drive(t, { cwd, model, prompt: 'Add proof.txt.', access }, [{
          toolCalls: calls,
        }, { text: 'Added.' }])
        t.equal(await readFile(join(cwd, 'proof.txt'), 'utf8').catch(() => ''), 'patched\n', stdout)
        t.notMatch(stdout + stderr, /metadata .*not found|fallback/i)
      })
    })
  }

  for (const provider of ['OpenAI', 'gateway']) {
    t.test(`Codex survives three compactions with ${model}, by a provider called ${provider}`, async t => {
      await inFreshHome(async cwd => {
        const round = (
          word: string,
        ): Script[] => [{ usage: { inputTokens: 60_000 },
          toolCalls: [{ name: 'exec_command', arguments: JSON.stringify({ cmd: `echo ${word} >> proof.txt` }) }] },
          isNative && provider === 'OpenAI' ? { compactions: 1 } : { text: `So far: ${word}.` }]
        await drive(t, { cwd, model, prompt: 'Write three words.', provider, access: 'file', compactAt: 50_000 }, [
          ...['one', 'two', 'three'].flatMap(round),
          { text: 'Written.' },
        ])
        t.equal(await readFile(join(cwd, 'proof.txt'), 'utf8').catch(() => ''), 'one\ntwo\nthree\n')
        const asked = house.calls().map(({ headers }) => headers['x-initiator'])
        t.strictSame(asked, ['user', ...asked.slice(1).map(() => 'agent')], 'a person asked once')
        t.equal(asked.length, 7, 'three rounds, three compactions, and the answer')
      })
    })
  }
}

/** The script is all that the model answers. */
async function drive (t: Test, options: CodexOptions, script: readonly Script[]): Promise<Run> {
  house.emulator.requests.length = 0
  house.emulator.answers.clear()
  house.emulator.answers.push(...script)
  const done = await codex(house, options)
  t.equal(done.code, 0, `${done.stdout}\n${done.stderr}`.slice(-2_000))
  t.equal(house.emulator.answers.pending, 0, 'each answer was asked for')
  t.strictSame(house.calls().filter(({ status }) => status !== 200).map(({ status, body }) => [status, body]), [])
  t.strictSame(house.emulator.problems, [], 'nothing leaked upstream')
  return done
}
