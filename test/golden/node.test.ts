import t from 'tap'
import { runGolden } from './helpers/frame.ts'
import { suites } from './all.ts'

await runGolden(t, 'node-memory', suites)
