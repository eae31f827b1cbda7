// A day of 1,000 users with 60 model calls each, in four sessions, against the daily quotas of Cloudflare's free plan
// (looked up on 2026-11-29). The users do not affect each other, so a few are simulated.
import t from 'tap'
import { startEmulator } from '../../src/emulator/emulator.ts'
import type { HotStep } from '../../src/store/hot-state.ts'
import { createMovableClock } from '../fixtures/targets.ts'
import { createDay, type ObjectCall } from './day.ts'
import { kinds } from './day-clients.ts'
import { replay } from './day-rows.ts'

const users = 1_000
const quotas = { 'Worker requests': 100_000, 'KV reads': 100_000, 'KV writes': 1_000, 'KV deletes': 1_000,
  'KV lists': 1_000, 'Durable Object requests': 100_000, 'rows read': 5_000_000, 'rows written': 100_000,
  'GB-s': 13_000 }
const nameOf = ({ method, args: [steps] }: ObjectCall) =>
  Array.isArray(steps) ? [...new Set((steps as HotStep[]).map(step => step.do))].join('+') : method
const hourMs = 3_600_000
/** Seconds before each call of a session: a tool loop, with a person who reads now and then. */
const pauses = [0, 9, 14, 6, 75, 11, 20, 8, 45, 12, 7, 16, 240, 10, 22]
const callsOfUser = 4 * pauses.length

void t.test('1,000 users with 60 calls each in four sessions fit the free plan', { timeout: 280_000 }, async t => {
  const clock = createMovableClock()
  clock.advance(32 * hourMs - (clock.now() % (24 * hourMs))) // Tomorrow at 8.
  const emulator = await startEmulator({ now: clock.now })
  t.teardown(() => emulator.close())
  const day = createDay(emulator, clock)
  const names = Object.keys(kinds)
  // Sessions of a user take turns with the kinds, so each kind comes equally often.
  const simulated = names.map((_name, at) => `user-${at}`)
  for (const username of simulated) {
    clock.advance(200_000)
    await day.save(username)
  }
  clock.advance(24 * hourMs)
  Object.assign(day.counts, { get: 0, put: 0, delete: 0, list: 0 })
  day.objectCalls.length = 0

  for (let session = 0; session < 4; session++) {
    for (const [at, username] of simulated.entries()) {
      const kind = names[(at + session) % names.length] ?? ''
      const conversation = kinds[kind]?.()
      if (conversation === undefined) throw new Error(kind)
      day.newIsolate()
      const [beganAt, gets] = [day.objectCalls.length, day.counts.get]
      for (const [n, pause] of pauses.entries()) {
        clock.advance(pause * 1_000)
        // In half of the sessions the platform moves the user to another isolate in between.
        if (n === 8 && session % 2 === 1) day.newIsolate()
        const { status, text } = await day.ask(conversation.path(username), conversation.body(n))
        if (status !== 200) throw new Error(`${kind}, call ${n}: ${status} ${text.slice(0, 500)}`)
        conversation.received(text)
      }
      const calls = day.objectCalls.slice(beganAt)
      t.comment(
        `${username}, ${kind}: ${calls.length} calls of the object (${
          [...Map.groupBy(calls, nameOf)].map(([name, all]) => `${all.length} ${name}`).join(', ')
        }), ${day.counts.get - gets} reads of KV`,
      )
      clock.advance(2.5 * hourMs / simulated.length)
    }
  }

  const rows = await replay(day.objectCalls)
  const { get, put, delete: deletes, list } = day.counts
  const scale = users / simulated.length
  const used = { 'Worker requests': simulated.length * callsOfUser, 'KV reads': get, 'KV writes': put,
    'KV deletes': deletes, 'KV lists': list, 'Durable Object requests': day.objectCalls.length, 'rows read': rows.read,
    'rows written': rows.written, 'GB-s': day.objectCalls.length * rows.secondsOfCall * 0.128 }
  const lines = Object.entries(used).map(([name, count]) => {
    const quota = quotas[name as keyof typeof quotas]
    const all = Math.ceil(count * scale)
    t.ok(all <= quota, `${name}: ${all} of ${quota}`)
    return [name, all, quota] as const
  })
  for (const line of lines) t.comment(line.join(' | '))
  t.comment(`${rows.secondsOfCall * 1_000} ms a call; values of ${rows.bytesOfCall} bytes a call`)
})
