import { fileURLToPath } from 'node:url'
import t from 'tap'
import { knownFailures } from './known-failures.ts'
import { testCases } from './runner/all.ts'

await testCases(t, 'node', fileURLToPath(new URL('.', import.meta.url)), knownFailures)
