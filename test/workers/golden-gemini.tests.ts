// The golden cases of Google's API, on the Worker.
import t from 'tap'
import { geminiSuites } from '../golden/all.ts'
import { everyGeminiCase, runGolden } from '../golden/helpers/frame.ts'

await runGolden(t, 'workerd', geminiSuites, everyGeminiCase)
