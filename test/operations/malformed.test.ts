// Malformed requests leave a line in the log: short, rare, and without the client's data.
import t from 'tap'
import { rawCall, until } from '../fixtures/http.ts'
import { startTarget } from '../fixtures/targets.ts'

const linesOf = (logs: string) =>
  logs.split('\n').filter(line => line !== '').map(line => JSON.parse(line) as Record<string, unknown>).filter((
    { event },
  ) => event === 'malformed-request')

t.test("L6: malformed HTTP leaves a log line without the client's data", async t => {
  const target = await startTarget('node-memory')
  const secret = 'acpc-Secret1234'
  const requests: ReadonlyArray<readonly [bytes: string, status: number]> = [[
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nBad Header: ${secret}\r\n\r\n`,
    400,
  ], [`${secret}\r\n\r\n`, 400], [`GET /${secret} HTTP/9.9\r\nHost: 127.0.0.1\r\n\r\n`, 400], [
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Long: ${'x'.repeat(20_000)}\r\n\r\n`,
    431,
  ], [`GET /%zz?${secret} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n`, 400], [
    `GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nExpect: ${secret}\r\nConnection: close\r\n\r\n`,
    417,
  ]]
  for (const [at, [bytes, status]] of requests.entries()) {
    const answer = await rawCall(target.origin, bytes)
    t.match(answer, new RegExp(`^HTTP/1\\.1 ${status} `), bytes.slice(0, 40))
    await until(() => linesOf(target.logs()).length > at, 'the line is written')
    const id = /x-request-id: (\S+)/i.exec(answer)?.[1]
    t.match(linesOf(target.logs())[at], { level: 'warn', reqId: id, status, code: /./, address: '127.0.0.0/24' })
  }
  t.notMatch(target.logs(), secret)
  t.same(await target.close(), [])
})

t.test('L6: a flood of malformed requests leaves a few lines, and the next line counts those left out', async t => {
  const target = await startTarget('node-memory')
  for (let round = 0; round < 10; round++) {
    await Promise.all(Array.from({ length: 10 }, () => rawCall(target.origin, 'x\r\n\r\n')))
  }
  const lines = linesOf(target.logs())
  t.ok(lines.length >= 30 && lines.length < 60, `${lines.length} lines`)
  t.same(await target.close(), [])
})
