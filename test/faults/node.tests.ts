import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { runFaults } from './frame.ts'
import { upstreamFaults } from './upstream.ts'

runFaults(t, await startTarget('node-memory'), [upstreamFaults])
