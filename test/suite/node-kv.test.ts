import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget } from '../fixtures/targets.ts'
import { suites } from './all.ts'

runSuites(t, await startTarget('node-kv'), suites)
