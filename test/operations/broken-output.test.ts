// If the reader of the log goes away, the server must neither end nor block.
import t from 'tap'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const launch = fileURLToPath(new URL('../../src/node/launch.js', import.meta.url))

t.test('a server whose standard output is closed keeps serving, and shuts down cleanly', async t => {
  const child = spawn(process.execPath, [launch], { cwd: t.testdir(),
    env: { PATH: process.env['PATH'], PORT: '0', STORE: 'memory' }, stdio: ['ignore', 'pipe', 'ignore'] })
  t.teardown(() => child.kill('SIGKILL'))
  let port: string | undefined
  for await (const line of child.stdout as AsyncIterable<Buffer>) {
    if ((port ??= /localhost:(\d+)/.exec(line.toString())?.[1]) !== undefined) break // Breaking off closes the pipe.
  }
  for (let at = 0; at < 40; at++) {
    const refused = await fetch(`http://127.0.0.1:${port}/nobody/v1/models`, {
      headers: { authorization: 'Bearer acpc-0123456789' },
      signal: AbortSignal.timeout(10_000),
    })
    t.ok([401, 429].includes(refused.status))
    await refused.arrayBuffer()
  }
  t.equal((await fetch(`http://127.0.0.1:${port}/healthz`, { signal: AbortSignal.timeout(2_000) })).status, 200)
  child.kill('SIGTERM')
  t.strictSame(await once(child, 'exit'), [0, null])
})
