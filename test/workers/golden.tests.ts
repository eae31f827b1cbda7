// The golden cases of all dialects, on the Worker.
import t, { type Test } from 'tap'
import { suites } from '../golden/all.ts'
import { runGolden, type Golden, type GoldenSuite } from '../golden/helpers/frame.ts'

/** By number, with the reason. */
const skips: Readonly<Record<number, string>> = {
  53: 'on a plain socket workerd reads nothing while it waits, so it cannot see a FIN; it sees a RST at '
    + 'once: disconnect.test.ts',
}

type Body = (t: Test, golden: Golden) => Promise<void>
const skippable = (number: number, body: Body): Body => {
  const reason = skips[number]
  return reason === undefined ? body : async t => {
    t.pass(`golden ${number}`, { skip: reason })
  }
}
const skipping = (suite: GoldenSuite): GoldenSuite => ({ both, whole, streamed }) =>
  suite({
    both: (number, sentence, body, ...more) => both(number, sentence, skippable(number, body), ...more),
    whole: (number, sentence, body, ...more) => whole(number, sentence, skippable(number, body), ...more),
    streamed: (number, sentence, body, ...more) => streamed(number, sentence, skippable(number, body), ...more),
  })

await runGolden(t, 'workerd', suites.map(skipping))
