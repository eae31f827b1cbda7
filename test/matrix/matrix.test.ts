import t from 'tap'
import { runMatrix } from './matrix.ts'

await runMatrix(t, 'node-memory')
