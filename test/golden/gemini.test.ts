import t from 'tap'
import { everyGeminiCase, runGolden } from './helpers/frame.ts'
import { geminiSuites } from './all.ts'

await runGolden(t, 'node-memory', geminiSuites, everyGeminiCase)
