// Codex with its catalogue, and through compactions of each kind, over HTTP and WebSocket. Run by
// `npm run test:clients`.
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { Script } from '../../src/emulator/script.ts'
import { codex, type CodexOptions } from './codex.ts'
import { openGate } from './gate.ts'
import { inFreshHome, startHouse, type Run } from './harness.ts'

const models = ['gpt-5.3-codex', 'claude-sonnet-4.6', 'gpt-4.1', 'gemini-3.1-pro-preview']
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

  for (const [provider, webSockets] of [['OpenAI', false], ['OpenAI', true], ['gateway', false], ['gateway',
    true]] as const) {
    const way = webSockets ? 'WebSocket' : 'HTTP'
    t.test(`Codex survives three compactions with ${model}, by a provider called ${provider}, over ${way}`, async t => {
      await inFreshHome(async cwd => {
        const round = (
          word: string,
        ): Script[] => [{ usage: { inputTokens: 60_000 },
          toolCalls: [{ name: 'exec_command', arguments: JSON.stringify({ cmd: `echo ${word} >> proof.txt` }) }] },
          isNative && provider === 'OpenAI' ? { compactions: 1 } : { text: `So far: ${word}.` }]
        await drive(t, { cwd, model, prompt: 'Write three words.', provider, access: 'file', compactAt: 50_000,
          webSockets }, [...['one', 'two', 'three'].flatMap(round), { text: 'Written.' }])
        t.equal(await readFile(join(cwd, 'proof.txt'), 'utf8').catch(() => ''), 'one\ntwo\nthree\n')
        const asked = house.calls().map(({ headers }) => headers['x-initiator'])
        t.strictSame(asked, ['user', ...asked.slice(1).map(() => 'agent')], 'a person asked once')
        t.equal(asked.length, 7, 'three rounds, three compactions, and the answer')
      })
    })
  }

  t.test(`20 steps with ${model} upload at least 80 % less over WebSocket`, async t => {
    const http = await loop(t, model, false)
    const socket = await loop(t, model, true)
    t.ok(socket.uploaded < 0.2 * http.uploaded, `${socket.uploaded} instead of ${http.uploaded} bytes`)
  })

  for (const [status, upgrades] of [[426, 1], [404, 7]] as const) {
    t.test(`Codex falls back to HTTP with ${model} if something refuses the upgrade with ${status}`, async t => {
      const { refused } = await loop(t, model, true, status)
      t.equal(refused, upgrades)
    })
  }
}

/** Output of a tool that hardly compresses. */
const command = 'head -c 6000 /dev/urandom | base64 | head -c 8000; echo step >> proof.txt'

async function loop (t: Test, model: string, webSockets: boolean, refusal: number | null = null) {
  const gate = await openGate(house.origin, refusal)
  await inFreshHome(async cwd => {
    const step: Script = { toolCalls: [{ name: 'exec_command', arguments: JSON.stringify({ cmd: command }) }] }
    await drive(t, { cwd, model, prompt: 'Do 20 steps.', access: 'file', webSockets, origin: gate.origin }, [
      ...Array.from({ length: 20 }, () => step),
      { text: 'Done.' },
    ])
    t.equal(await readFile(join(cwd, 'proof.txt'), 'utf8').catch(() => ''), 'step\n'.repeat(20))
  })
  await gate.close()
  return { uploaded: gate.uploaded(), refused: gate.refused() }
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
