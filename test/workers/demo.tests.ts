// `npm run demo:cf`: the Worker in front of the emulator, as a person starts it.
import { spawn } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { stripVTControlCharacters } from 'node:util'
import t from 'tap'
import { call } from '../fixtures/http.ts'

const folders = () => readdirSync(tmpdir()).filter(name => name.startsWith('copilot-proxy-demo-'))

t.test('demo:cf serves the Worker, works with the token that it names, and keeps nothing', async t => {
  const before = folders()
  const child = spawn(process.execPath, ['src/build/demo-worker.ts', '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    timeout: 100_000,
  })
  let shown = ''
  child.stdout.on('data', (chunk: Buffer) => {
    shown += chunk.toString()
  })
  const ended = new Promise(resolve => child.once('close', resolve))
  const found = () => /Ready on (http:\/\/127\.0\.0\.1:\d+)/.exec(stripVTControlCharacters(shown))?.[1]
  while (found() === undefined && child.exitCode === null) await new Promise(resolve => setTimeout(resolve, 50))
  const origin = found() ?? ''
  const [username, password] = ['mona', 'acpc-0123456789']
  t.match(await call(`${origin}/`, { json: { username, password, token: /ghu_\w+/.exec(shown)?.[0] } }), {
    status: 201,
  })
  t.match(
    await call(`${origin}/${username}/v1/chat/completions`, { headers: { authorization: `Bearer ${password}` },
      json: { model: 'gpt-4.1', messages: [{ role: 'user', content: 'hi' }] } }),
    { status: 200, json: { choices: [{ message: { content: /Hello/ } }] } },
  )
  t.equal((await call(`${origin}/chat`)).status, 200)
  t.match((await call(`${origin}/readyz`)).json, { demo: true }, 'the pages say so')
  child.kill('SIGTERM')
  await ended
  t.strictSame(folders(), before)
})
