// Runs the hand-written cases: `node test/cases/run.ts [folder] [filter] [--workerd]`. Prints the failed expectations
// of each case.
import { fileURLToPath } from 'node:url'
import { startWorld } from './runner/all.ts'
import { readCases } from './runner/case.ts'

const words = process.argv.slice(2).filter(word => !word.startsWith('--'))
const [folder = fileURLToPath(new URL('.', import.meta.url)), filter] = words
const world = await startWorld(process.argv.includes('--workerd') ? 'workerd' : 'node')
const cases = readCases(folder, filter)
let failed = 0
for (const given of cases) {
  const reasons = await world.run(given).catch((thrown: unknown) => [String(thrown)])
  if (reasons.length > 0) failed++
  console.log(
    `${reasons.length === 0 ? 'ok    ' : 'not ok'} ${given.name}${
      reasons.map(reason => `\n         ${reason}`).join('')
    }`,
  )
}
console.log(`${cases.length} cases, ${failed} do not hold`)
await world.close()
process.exitCode = failed === 0 ? 0 : 1
