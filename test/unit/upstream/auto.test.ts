// When a conversation keeps its session of Auto, and when it gets another.
import t from 'tap'
import { createAuto, type AutoAsk } from '../../../src/upstream/auto.ts'
import { mergeSessions, type SharedSession, type SharedSessions } from '../../../src/upstream/auto-session.ts'
import type { AutoQuestion, OpenedSession } from '../../../src/upstream/auto-request.ts'
import { GatewayError } from '../../../src/errors.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createAccount } from '../helpers/upstream.ts'

const dayMs = 86_400_000

/** An engine that all processes of a test use. */
function createShared (): SharedSessions & { readonly reads: () => number } {
  const sessions = new Map<string, SharedSession>()
  let reads = 0
  return {
    reads: () => reads,
    read: async (_account, seat, conversation) => {
      reads++
      return sessions.get(`${seat} ${conversation}`) ?? null
    },
    write: async (_account, seat, conversation, session) => {
      const key = `${seat} ${conversation}`
      sessions.set(key, mergeSessions(sessions.get(key) ?? null, session))
    },
  }
}

function start (shared: SharedSessions | null = null, clock = createHandClock(), questions: AutoQuestion[] = []) {
  let vision = false
  let failure: GatewayError | null = null
  let isAbsent = false
  const auto = createAuto(async (_request, { prompt, hasImage }) => {
    questions.push({ prompt, hasImage })
    if (failure !== null) throw failure
    if (isAbsent) return null
    const opened: OpenedSession = { token: `token-${questions.length}`, livesMs: dayMs,
      model: { id: 'a', capabilities: { supports: { vision } } } }
    return opened
  }, clock, shared)
  const request = { account: createAccount(), accountType: null, requestId: 'r', defer: () => {} }
  const ask = async (more: Partial<AutoAsk> = {}, own: object = {}) =>
    (await auto.session({ ...request, ...own }, { conversation: 'c', prompt: 'hello', hasImage: false,
      isCompaction: false, ...more }))?.token
  return { auto, clock, ask, questions, request,
    set: (next: { vision?: boolean, failure?: GatewayError | null, isAbsent?: boolean }) => {
      vision = next.vision ?? vision
      failure = next.failure === undefined ? failure : next.failure
      isAbsent = next.isAbsent ?? isAbsent
    } }
}

t.test('createAuto() keeps one session for a conversation, and shares one that is being opened', async t => {
  const { ask, auto, request, questions } = start()
  t.same(await Promise.all([ask(), ask()]), ['token-1', 'token-1'])
  t.notOk(
    auto.session(request, { conversation: 'c', prompt: '', hasImage: false, isCompaction: false }) instanceof Promise,
    'a warm session is there at once',
  )
  t.equal(await ask({ conversation: 'd' }), 'token-2')
  t.equal(await ask({}, { accountType: 'business' }), 'token-3')
  t.equal(await ask({}, { account: createAccount(2) }), 'token-4', 'a new GitHub token')
  t.equal(questions.length, 4)
})

t.test('createAuto() opens another for an image that the model cannot see, and keeps one that can', async t => {
  const { ask, questions, set } = start()
  await ask()
  set({ vision: true })
  t.equal(await ask({ hasImage: true }), 'token-2')
  t.equal(await ask({ hasImage: true }), 'token-2')
  t.equal(await ask(), 'token-2')
  t.same(questions.map(({ hasImage }) => hasImage), [false, true])
})

t.test('createAuto() renews five minutes before the end, and uses the old session if that fails', async t => {
  const { ask, clock, set } = start()
  await ask()
  clock.advance(dayMs - 300_001)
  t.equal(await ask(), 'token-1')
  clock.advance(1)
  set({ failure: new GatewayError('upstream_error', 'no') })
  t.equal(await ask(), 'token-1')
  clock.advance(300_000)
  await t.rejects(ask(), { code: 'upstream_error' }, 'the old one has ended')
  set({ failure: null })
  t.match(await ask(), /^token-/)
})

t.test('createAuto() repeats a failed renewal after 30 s; the old session serves meanwhile', async t => {
  const { ask, auto, clock, questions, request, set } = start()
  await ask()
  clock.advance(dayMs - 300_000)
  set({ failure: new GatewayError('upstream_timeout', 'slow') })
  for (let n = 0; n < 10; n++) t.equal(await ask(), 'token-1')
  t.equal(questions.length, 2)
  const more = { conversation: 'c', prompt: 'hello', hasImage: false, isCompaction: false }
  t.notOk(auto.session(request, more) instanceof Promise, 'it is there at once')
  clock.advance(29_999)
  await ask()
  t.equal(questions.length, 2)
  clock.advance(1)
  set({ failure: null })
  t.equal(await ask(), 'token-3')
  t.equal(await ask(), 'token-3')
})

t.test('createAuto() asks once for images if Copilot chooses a model without vision for them', async t => {
  const { ask, questions } = start()
  t.equal(await ask(), 'token-1')
  for (let n = 0; n < 5; n++) t.equal(await ask({ hasImage: true }), 'token-2')
  t.equal(await ask(), 'token-2')
  t.equal(questions.length, 2)
})

t.test('createAuto() opens another after a compaction that shared the opening with another request', async t => {
  for (const order of [[false, true], [true, false]]) {
    const { ask } = start()
    const both = await Promise.all(order.map(isCompaction => ask({ isCompaction })))
    t.same(both, ['token-1', 'token-1'])
    t.equal(await ask(), 'token-2')
    t.equal(await ask(), 'token-2')
  }
})

t.test('createAuto() waits for its caller before it asks Copilot, and only then', async t => {
  const { ask, questions } = start()
  let entered = 0
  const beforeOpening = async () => {
    await Promise.resolve()
    t.equal(questions.length, 0)
    entered++
  }
  await t.rejects(ask({ prompt: '', beforeOpening }), { code: 'invalid_request' })
  await t.rejects(ask({ beforeOpening: () => Promise.reject(new GatewayError('rate_limited', 'no')) }), {
    code: 'rate_limited',
  })
  t.equal(await ask({ beforeOpening }), 'token-1')
  t.equal(await ask({ beforeOpening }), 'token-1')
  t.equal(entered, 1)
})

t.test('createAuto() opens another after a compaction, not for its request', async t => {
  const { ask } = start()
  t.equal(await ask(), 'token-1')
  t.equal(await ask({ isCompaction: true }), 'token-1')
  t.equal(await ask({ isCompaction: true }), 'token-1', 'repeated')
  t.equal(await ask(), 'token-2')
  t.equal(await ask(), 'token-2')
})

t.test('createAuto() sends no empty prompt', async t => {
  const { ask, questions } = start()
  await t.rejects(ask({ prompt: ' \n' }), { code: 'invalid_request', param: 'model' })
  await ask()
  t.equal(await ask({ prompt: '' }), 'token-1')
  t.equal(questions.length, 1)
})

t.test('createAuto() remembers for an hour that a seat has no Auto', async t => {
  const { ask, auto, clock, questions, request, set } = start()
  set({ isAbsent: true })
  t.equal(await ask(), undefined)
  t.equal(await ask({ conversation: 'd' }), undefined)
  t.ok(auto.isAbsent(request))
  t.equal(questions.length, 1)
  clock.advance(3_600_000)
  set({ isAbsent: false })
  t.notOk(auto.isAbsent(request))
  t.equal(await ask(), 'token-2')
})

t.test('createAuto() keeps fifty conversations of a seat, and forgets those of a user', async t => {
  const { ask, auto, questions } = start()
  for (let n = 0; n <= 50; n++) await ask({ conversation: `c${n}` })
  await ask({ conversation: 'c50' })
  t.equal(questions.length, 51)
  await ask({ conversation: 'c0' })
  t.equal(questions.length, 52, 'the oldest was evicted')
  auto.forget('alice', null)
  await ask({ conversation: 'c50' })
  t.equal(questions.length, 53)
})

t.test('createAuto() drops the session that Copilot ended', async t => {
  const { ask, auto, request } = start()
  await ask()
  auto.end(request, { token: 'token-1', model: { id: 'a', capabilities: {} } })
  t.equal(await ask(), 'token-2')
  auto.end(request, { token: 'token-1', model: { id: 'a', capabilities: {} } })
  t.equal(await ask(), 'token-2', 'another request has renewed it already')
})

t.test('createAuto() gives a conversation one session in all processes', async t => {
  const shared = createShared()
  const one = start(shared)
  const two = start(shared, one.clock, one.questions)
  t.equal(await one.ask(), 'token-1')
  t.equal(await two.ask({ prompt: '' }), 'token-1', 'without a text too')
  const reads = shared.reads()
  for (const { ask } of [one, two]) t.equal(await ask(), 'token-1')
  t.equal(shared.reads(), reads, 'not each request reads')
  t.equal(await two.ask({ conversation: 'd' }), 'token-2')
  t.equal(one.questions.length, 2)
})

t.test('createAuto() learns within five seconds of the end and of the summary of a session elsewhere', async t => {
  const shared = createShared()
  const one = start(shared)
  const two = start(shared, one.clock, one.questions)
  await one.ask()
  await two.ask()
  one.auto.end(one.request, { token: 'token-1', model: { id: 'a', capabilities: {} } })
  one.clock.advance(5_000)
  t.equal(await two.ask(), 'token-2')
  t.equal(await one.ask(), 'token-2')
  await two.ask({ isCompaction: true })
  one.clock.advance(5_000)
  t.equal(await one.ask(), 'token-3')
  one.clock.advance(5_000)
  t.equal(await two.ask(), 'token-3')
  t.equal(one.questions.length, 3)
})

t.test('createAuto(): of two sessions that were opened at once, the same one stays in both processes', async t => {
  const shared = createShared()
  let isBlind = true
  const slow = { ...shared,
    read: async (...place: Parameters<SharedSessions['read']>) => isBlind ? null : shared.read(...place) }
  const one = start(slow)
  const two = start(slow, one.clock, one.questions)
  t.same([await one.ask(), await two.ask()], ['token-1', 'token-2'])
  isBlind = false
  one.clock.advance(5_000)
  t.same([await one.ask(), await two.ask()], ['token-2', 'token-2'])
  two.auto.end(two.request, { token: 'token-2', model: { id: 'a', capabilities: {} } })
  t.equal(await two.ask(), 'token-3')
  one.auto.end(one.request, { token: 'token-2', model: { id: 'a', capabilities: {} } })
  t.equal(await one.ask(), 'token-3', 'a late end leaves the newer session alone')
  one.clock.advance(5_000)
  t.equal(await two.ask(), 'token-3')
})

t.test('createAuto() tells the engine of an older session, and renews an adopted one in time', async t => {
  const shared = createShared()
  let isAway = true
  const late: SharedSessions = { ...shared, write: async (...all) => isAway ? undefined : shared.write(...all) }
  const one = start(late)
  t.equal(await one.ask(), 'token-1')
  isAway = false
  one.clock.advance(5_000)
  await one.ask()
  one.clock.advance(dayMs - 5_000 - 240_000)
  const two = start(late, one.clock, one.questions)
  t.equal(await two.ask(), 'token-2', 'four minutes before the end')
  t.equal(await one.ask(), 'token-2')
})

t.test('createAuto() does not ask the engine for a seat without Auto', async t => {
  const shared = createShared()
  const { ask, set } = start(shared)
  set({ isAbsent: true })
  await ask()
  const reads = shared.reads()
  for (let n = 0; n < 3; n++) await ask({ conversation: `c${n}` })
  t.equal(shared.reads(), reads)
})

t.test('createAuto() keeps a session that the engine missed, also next to one that ended', async t => {
  const shared = createShared()
  let isAway = false
  const flaky: SharedSessions = { ...shared, write: async (...all) => isAway ? undefined : shared.write(...all) }
  const one = start(flaky)
  const two = start(flaky, one.clock, one.questions)
  await one.ask()
  one.auto.end(one.request, { token: 'token-1', model: { id: 'a', capabilities: {} } })
  isAway = true
  one.clock.advance(1_000)
  t.equal(await one.ask(), 'token-2')
  isAway = false
  one.clock.advance(5_000)
  t.equal(await one.ask(), 'token-2', 'the older one of the engine does not replace it')
  t.equal(await two.ask(), 'token-2', 'and the engine has it now')
})

t.test('mergeSessions(): what happened to a session stays, in any order', async t => {
  const base: SharedSession = { token: 'a', model: { id: 'm', capabilities: {} }, openedAt: 1, renewAt: 2, endsAt: 3,
    hasImage: false, isSummarised: false, isEnded: false }
  const ended = { ...base, isEnded: true }
  const summarised = { ...base, isSummarised: true }
  const later = { ...base, token: 'b', openedAt: 2 }
  for (const [one, other] of [[ended, summarised], [summarised, ended]] as const) {
    t.match(mergeSessions(one, other), { isEnded: true, isSummarised: true })
  }
  t.equal(mergeSessions(later, ended), later)
  t.equal(mergeSessions(ended, later), later)
  t.equal(mergeSessions(null, base), base)
})
