// Copilot's own count, read from the quota headers of its answers, next to ours.
import t from 'tap'
import { createQuotaWatch } from '../../../src/usage/quota-watch.ts'
import { createHandClock } from '../helpers/clock.ts'
import { createAccount } from '../helpers/upstream.ts'

const account = createAccount()
const paid = (header: string) => ({ 'x-quota-snapshot-premium_interactions': header })
const nano = 1e9

t.test('by tokens: credits between the first and the last header', async t => {
  const watch = createQuotaWatch(createHandClock())
  t.equal(watch.of(account), null)
  const spend = (left: number, cost: number) => {
    watch.seen(account, paid(`ent=300&ov=0.0&ovPerm=false&rem=97.1&rst=x&totRem=${left}`))
    watch.counted(account, { nanoCredits: cost * nano, premium: 1 })
  }
  spend(290, 2)
  spend(288, 3)
  spend(285, 4)
  t.match(watch.of(account), { bucket: 'premium_interactions', unit: 'credits', copilot: 5, counted: 5,
    remaining: 285 })
  spend(287, 1)
  t.match(watch.of(account), { copilot: 5, remaining: 285 }, 'an older answer that arrives late changes nothing')
  spend(300, 1)
  t.match(watch.of(account), { copilot: 0, counted: 0, remaining: 300 }, 'a new month begins at zero')
})

t.test('by request: the multiplier counts for a person, and on Copilot Free at least one', async t => {
  const watch = createQuotaWatch(createHandClock())
  const ask = (headers: Record<string, string>, premium: number | null) => {
    watch.seen(account, headers)
    watch.counted(account, { nanoCredits: 0, premium })
  }
  for (const rem of ['100.0', '99.0', '99.0', '98.0']) {
    ask(paid(`ent=100&ov=0.0&rem=${rem}`), rem === '100.0' ? 1 : null)
  }
  t.match(watch.of(account), { unit: 'requests', copilot: 2, counted: 1 })
  const free = { ...account, seat: 'another' }
  for (const rem of ['100.0', '98.0', '96.0']) {
    watch.seen(free, { 'x-quota-snapshot-chat': `ent=50&ov=0.0&rem=${rem}` })
    watch.counted(free, { nanoCredits: 0, premium: 0 })
  }
  t.match(watch.of(free), { bucket: 'chat', copilot: 2, counted: 2 })
})

t.test('unlimited, missing and odd headers say nothing', async t => {
  const watch = createQuotaWatch(createHandClock())
  for (const header of ['ent=-1&rem=100.0', 'ent=0&rem=100', '', 'rem=5', 'ent=x&rem=y',
    `ent=5&rem=1${'&'.repeat(600)}`]) {
    watch.seen(account, paid(header))
    t.equal(watch.of(account), null, header.slice(0, 20))
  }
  watch.seen(account, {})
  t.equal(watch.of(account), null)
})
