// A process of its own: takes tokens and places as often as it can, and says how many it got.
// Arguments: the file, the name of the holder, the number of tries.
import { createHotSqlite } from '../../src/store/hot-sqlite.ts'

const [file = '', holder = '', tries = '0'] = process.argv.slice(2)
const hot = createHotSqlite({ file, count: async () => {} })
await hot.join()
let [tokens, places, written] = [0, 0, 0]
for (let at = 0; at < Number(tries); at++) {
  const [taken, held, set] = await hot.run('mona', [{ do: 'take', key: 'rate', amount: 1, limit: 500,
    windowMs: 3_600_000_000 }, { do: 'hold', key: 'places', holder, amount: 9, limit: 10, ttlMs: 60_000 }, { do: 'set',
    key: `v${at}`, value: holder, ttlMs: 60_000, onlyIfAbsent: true }])
  tokens += taken.granted
  places = held.granted
  if (set.written) written++
}
process.stdout.write(JSON.stringify({ tokens, places, written }))
