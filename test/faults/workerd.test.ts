// F36 and what of the others makes sense where there is no socket of ours.
import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { runFaults } from './frame.ts'
import { hostileApp } from './hostile-app.ts'
import { hostileHttp } from './hostile-http.ts'
import { upstreamFaults } from './upstream.ts'

runFaults(t, await startTarget('workerd'), [upstreamFaults, hostileHttp, hostileApp])
