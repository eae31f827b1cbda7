import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget } from '../fixtures/targets.ts'
import { suites } from './all.ts'
import { skips } from './skips.ts'

runSuites(t, await startTarget('workerd'), suites, skips.workerd)
