import t from 'tap'
import { runSuites } from '../fixtures/cases.ts'
import { startTarget, type TargetKind } from '../fixtures/targets.ts'
import { suitesOf, type Topic } from './all.ts'
const kind = (process.env['TARGET'] ?? 'node-memory') as TargetKind
const wanted = (process.env['TOPICS'] ?? 'usage').split(',') as Topic[]
runSuites(t, await startTarget(kind), Object.fromEntries(wanted.map(name => [name, suitesOf(kind)[name]!])))
