import t from 'tap'
import { createConnectionMemories, createResponseStore } from '../../../src/relay/response-store.ts'

const responseOf = (items: readonly object[], size: number) => ({ items: items as never, response: {}, size,
  inputLength: 0 })
const mebibyte = 1_048_576

t.test('a user who keeps much only loses the oldest of the own responses', async t => {
  const store = createResponseStore()
  const [alice, bob] = [store('alice'), store('bob')]
  alice.keepResponse('first', responseOf([], 1_000))
  alice.keepItem('first', { item: {}, size: 1_000 })
  for (let at = 0; at < 100; at++) {
    bob.keepResponse(`${at}`, responseOf([], mebibyte))
    bob.keepItem(`${at}`, { item: {}, size: mebibyte })
  }
  t.ok(alice.response('first'))
  t.ok(alice.item('first'))
  t.equal(bob.response('0'), undefined)
  t.equal(bob.item('0'), undefined)
  t.ok(bob.response('99'))
  t.ok(bob.item('99'))
  t.ok(bob.response('86'), 'a share has room for 15 of them')
})

t.test('objects count as what they take in memory', async t => {
  const bob = createResponseStore()('bob')
  const items = Array.from({ length: 200_000 }, () => ({}))
  bob.keepResponse('first', responseOf(items, 600_000))
  bob.keepResponse('second', responseOf(items, 600_000))
  t.equal(bob.response('first'), undefined, '64 bytes each')
  t.ok(bob.response('second'))
  bob.keepResponse('third', responseOf([...items, ...items], 1_200_000))
  t.equal(bob.response('third'), undefined, 'larger than a share')
  t.ok(bob.forget('second'))
  t.notOk(bob.forget('second'))
})

t.test('a connection remembers the last answer of each lane, for itself and its user', async t => {
  const shared = createResponseStore()
  const connect = createConnectionMemories(shared)
  let lane: string | null = null
  const [one, other] = [connect(() => lane), connect(() => null)]
  const keep = (id: string, size = 1_000) => one.responses('alice').keepForConnection?.(id, responseOf([], size))
  const known = (...ids: string[]) => ids.filter(id => one.responses('alice').response(id) !== undefined)
  keep('a')
  keep('b')
  t.strictSame(known('a', 'b'), ['b'], 'the last one')
  lane = 'x'
  keep('c')
  t.strictSame(known('b', 'c'), ['b', 'c'])
  t.notOk(other.responses('alice').response('b'), 'another connection')
  t.notOk(one.responses('bob').response('b'), 'another user')
  t.notOk(shared('alice').response('b'), 'GET /v1/responses/:id')
  shared('alice').keepResponse('stored', responseOf([], 1_000))
  t.ok(other.responses('alice').response('stored'))

  for (let at = 0; at < 31; at++) {
    lane = `lane-${at}`
    keep(`of-${at}`)
  }
  t.strictSame(known('b', 'c', 'of-0', 'of-30'), ['c', 'of-0', 'of-30'], '32 lanes')
  keep('large', 17 * mebibyte)
  t.strictSame(known('large', 'of-29'), ['of-29'], 'more than the share of a user')
  one.close()
  t.strictSame(known('c', 'of-0', 'stored'), ['stored'])
})
