import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { runFaults } from './frame.ts'
import { hostileHttp } from './hostile-http.ts'

runFaults(t, await startTarget('node-memory'), [hostileHttp])
