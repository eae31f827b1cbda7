import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget } from '../fixtures/targets.ts'
import { suitesOf } from '../suite/all.ts'
import { skips } from '../suite/skips.ts'

runSuites(t, await startTarget('workerd-objects'), suitesOf('workerd-objects', 2, 3), skips['workerd-objects'])
