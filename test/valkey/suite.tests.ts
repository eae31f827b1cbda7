import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget } from '../fixtures/targets.ts'
import { suitesOf } from '../suite/all.ts'

runSuites(t, await startTarget('node-valkey'), suitesOf('node-valkey'))
