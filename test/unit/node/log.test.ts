import t from 'tap'
import fc from 'fast-check'
import { pino } from 'pino'
import { createLog } from '../../../src/node/log.ts'

const lines = () => {
  const written: string[] = []
  return { written, destination: { write (line: string) {
    written.push(line)
  } } }
}

t.test('a line of plain fields equals the line that pino writes', async () => {
  const ours = lines()
  const pinos = lines()
  const log = createLog('info', ours.destination)
  const reference = pino({ base: null, timestamp: () => ',"time":"then"',
    formatters: { level: label => ({ level: label }) } }, pinos.destination)
  const plain = fc.oneof(fc.string({ unit: 'binary' }), fc.integer(), fc.double(), fc.boolean(), fc.constant(undefined))
  fc.assert(
    fc.property(fc.record({ reqId: plain, user: plain, status: plain, ms: plain, code: plain }, { requiredKeys: [] }),
      fc.string(), (fields, message) => {
      log.info(fields as object, message)
      reference.info(fields, message)
      const [line = '', other = ''] = [ours.written.pop(), pinos.written.pop()]
      return line.endsWith('}\n') && line.indexOf('\n') === line.length - 1
        && line.replace(/"time":"[^"]*"/, '"time":"then"') === other
    }),
  )
})

t.test('each line has the current time as ISO 8601, even if the clock steps back', async t => {
  const { written, destination } = lines()
  const log = createLog('info', destination)
  const { now } = Date
  t.teardown(() => {
    Date.now = now
  })
  fc.assert(
    fc.property(fc.date({ min: new Date(0), max: new Date('2200-01-01'), noInvalidDate: true }), fc.nat(120_000),
      (date, later) => {
        return [date.getTime(), date.getTime() + later, date.getTime()].every(time => {
          Date.now = () => time
          log.info({}, 'now')
          return (JSON.parse(written.pop() ?? '') as { time: string }).time === new Date(time).toISOString()
        })
      }),
  )
})

t.test('lines below the level are not written, and secrets in foreign texts are removed', async t => {
  const { written, destination } = lines()
  const log = createLog('warn', destination)
  log.info({ status: 200 }, 'request')
  t.same(written, [])
  log.warn({ detail: 'a token ghu_0123456789abcdefghij0123456789abcdef of GitHub' }, 'refused')
  t.equal(written.length, 1)
  t.match(written[0], /^\{"level":"warn","time":"[^"]+",.*"msg":"refused"\}\n$/)
  t.notMatch(written[0], /ghu_0123456789/)
})
