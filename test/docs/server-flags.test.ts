// The server starts with the same flags of V8 everywhere: bench and soak take those of `npm start`.
import { readFileSync } from 'node:fs'
import t from 'tap'
import { serverFlags } from '../fixtures/processes.ts'

t.test('every line that starts the server has the flags of npm start, in one order', t => {
  t.ok(serverFlags.length >= 3, serverFlags.join(' '))
  for (const file of ['Dockerfile', 'docs/deployment.md', 'docs/operations.md', 'CHANGELOG.md']) {
    const lines = readFileSync(file, 'utf8').split('\n').filter(line => line.includes('--no-memory-reducer'))
    t.ok(lines.length > 0, file)
    for (const line of lines) t.ok(line.replaceAll('", "', ' ').includes(serverFlags.join(' ')), `${file}: ${line}`)
  }
  t.end()
})
