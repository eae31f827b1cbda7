import { fileURLToPath } from 'node:url'
import t from 'tap'
import { knownFailures } from '../cases/known-failures.ts'
import { testCases } from '../cases/runner/all.ts'

await testCases(t, 'workerd', fileURLToPath(new URL('../cases/', import.meta.url)), knownFailures)
