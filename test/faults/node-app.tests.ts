import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { runFaults } from './frame.ts'
import { hostileApp } from './hostile-app.ts'

runFaults(t, await startTarget('node-memory'), [hostileApp])
