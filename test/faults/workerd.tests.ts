// The faults and inputs that apply without sockets of our own. F36 is in isolate.tests.ts.
import t from 'tap'
import { startTarget } from '../fixtures/targets.ts'
import { runFaults } from './frame.ts'
import { hostileApp } from './hostile-app.ts'
import { hostileHttp } from './hostile-http.ts'
import { upstreamFaults } from './upstream.ts'

runFaults(t, await startTarget('workerd'), [upstreamFaults, hostileHttp, hostileApp])
