// Ten thousand calls, counted three times: by the emulator's own bill, by the quota headers that it sends, and by the
// gateway. The differences stay below one per cent.
import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { startEmulator } from '../../src/emulator/emulator.ts'
import { startServer } from '../../src/node/server.ts'
import { call } from '../fixtures/http.ts'

const calls = 10_000
const atOnce = 32
const models = ['gpt-5.1', 'claude-sonnet-4.5', 'gpt-4o', 'gpt-5-mini'] as const

t.test('over 10,000 calls the counts of gateway and Copilot differ by one per cent at most', { timeout: 120_000 },
  async t => {
    const emulator = await startEmulator()
    const server = await startServer(
      readConfig({ ...emulator.env, PORT: '0', STORE: 'memory', LOG_LEVEL: 'silent', USER_CONCURRENCY: '0',
        USER_REQUESTS_PER_MINUTE: '0' }),
    )
    t.teardown(async () => {
      await server.close()
      await emulator.close()
    })
    const seat = emulator.addSeat({ kind: 'credits',
      quota: { entitlement: 1_000_000, remaining: 1_000_000, overage: 0, overagePermitted: false } })
    const password = 'acpc-0123456789'
    await call(`${server.origin}/`, { json: { username: 'mona', password, token: seat.githubToken } })
    const headers = { authorization: `Bearer ${password}`, 'content-type': 'application/json' }
    const ask = async (nth: number): Promise<void> => {
      const response = await fetch(`${server.origin}/mona/v1/chat/completions`, { method: 'POST', headers,
        body: JSON.stringify({ model: models[nth % models.length], stream: nth % 10 === 0,
          messages: [{ role: 'user', content: `call ${nth} ${'word '.repeat(nth % 40)}` }] }) })
      await response.arrayBuffer()
      if (response.status !== 200) throw new Error(`call ${nth}: ${response.status}`)
      emulator.requests.length = 0
    }
    let next = 0
    await Promise.all(Array.from({ length: atOnce }, async () => {
      while (next < calls) await ask(next++)
    }))

    const { json: { data: [all] } } = await call(`${server.origin}/mona/v1/usage/history`, { headers })
    t.equal(all.requests, calls, 'the witness and the gateway count the same calls')
    t.equal(all.errors, 0)
    const billed = seat.nanoAiu / 1e9
    t.ok(billed > 10, `${billed} credits billed`)
    t.ok(Math.abs(all.credits - billed) <= billed / 100, `${all.credits} credits counted`)
    const { json: { proxy: { reconciled } } } = await call(`${server.origin}/mona/v1/usage`, { headers })
    t.ok(Math.abs(reconciled.percent) <= 1, JSON.stringify(reconciled))
    t.ok(Math.abs(reconciled.copilot - billed) <= billed / 100, 'and the headers tell the whole bill')
  })
