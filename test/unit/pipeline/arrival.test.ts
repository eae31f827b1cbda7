// The steps on arrival: each refuses by itself, and if several would refuse, the first one does. test/suite/order.ts
// shows the same on both runtimes.
import fc from 'fast-check'
import t from 'tap'
import { GatewayError } from '../../../src/errors.ts'
import { createArrival, type ArrivalFacts } from '../../../src/pipeline/arrival.ts'
import { repeatedInJoined, repeatedInList } from '../../../src/pipeline/repeated-headers.ts'

type Fault = 'headers' | 'url' | 'load' | 'repeated' | 'host'
const inOrder: ReadonlyArray<readonly [Fault, string]> = [['headers', 'headers_too_large'], ['url', 'uri_too_long'], [
  'load',
  'overloaded',
], ['repeated', 'invalid_request'], ['host', 'host_not_allowed']]

/** A request is the set of its faults. */
const facts: ArrivalFacts<ReadonlySet<Fault>> = {
  maxHeaders: 100,
  headerCount: faults => faults.has('headers') ? 101 : 100,
  maxUrlLength: 2_048,
  urlLength: faults => faults.has('url') ? 2_049 : 2_048,
  load: faults => faults.has('load') ? new GatewayError('overloaded', 'busy') : undefined,
  repeated: faults => faults.has('repeated') ? 'host' : undefined,
  checkHost (faults) {
    if (faults.has('host')) throw new GatewayError('host_not_allowed', 'unknown')
  },
}

t.test('of any faults together, the first in the order refuses', async () => {
  const arrive = createArrival(facts)
  fc.assert(fc.property(fc.subarray(inOrder.map(([fault]) => fault)), faults => {
    const [, wanted] = inOrder.find(([fault]) => faults.includes(fault)) ?? []
    return arrive(new Set(faults))?.code === wanted
  }))
})

t.test('a later step is not asked when an earlier one refuses', async t => {
  const asked: string[] = []
  const arrive = createArrival({ ...facts, repeated: () => 'host', checkHost () {
    asked.push('host')
  } })
  t.match(arrive(new Set()), { code: 'invalid_request', param: 'host', message: 'The header host is there twice.' })
  t.strictSame(asked, [])
})

t.test('both forms of headers show the same repeated header, whatever the case of its name', async t => {
  t.equal(repeatedInList(['Host', 'a', 'X-Api-Key', 'b', 'Cookie', 'c', 'cookie', 'd', 'x-API-key', 'e']), 'x-api-key')
  t.equal(repeatedInList(['Host', 'a', 'Cookie', 'c', 'cookie', 'd']), undefined)
  t.equal(repeatedInList(['HOST', 'a', 'host', 'a']), 'host')
  t.equal(repeatedInJoined({ host: 'a', 'x-api-key': 'b, e', cookie: 'c, d' }), 'x-api-key')
  t.equal(repeatedInJoined({ host: 'a', cookie: 'c, d' }), undefined)
})
