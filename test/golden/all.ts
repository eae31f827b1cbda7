// Every golden case, by number.
import type { GoldenSuite } from './helpers/frame.ts'
import { gemini01to15 } from './gemini-01-15.ts'
import { gemini16to30 } from './gemini-16-30.ts'
import { golden01to15 } from './golden-01-15.ts'
import { golden16to30 } from './golden-16-30.ts'
import { golden31to40 } from './golden-31-40.ts'
import { golden41to50 } from './golden-41-50.ts'
import { golden51to59 } from './golden-51-59.ts'
import { golden60to70 } from './golden-60-70.ts'
import { golden71to79 } from './golden-71-79.ts'
import { golden80to85 } from './golden-80-85.ts'
import { golden86to98 } from './golden-86-98.ts'

export const suites: readonly GoldenSuite[] = [golden01to15, golden16to30, golden31to40, golden41to50, golden51to59,
  golden60to70, golden71to79, golden80to85, golden86to98]

export const geminiSuites: readonly GoldenSuite[] = [gemini01to15, gemini16to30]
