import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget } from '../fixtures/targets.ts'
import { suitesOf } from '../suite/all.ts'
import { skips } from '../suite/skips.ts'

runSuites(t, await startTarget('node-valkey'), suitesOf('node-valkey'), skips['node-valkey'])
