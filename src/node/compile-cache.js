// What was compiled once, types taken out, is kept for the next process that runs from the source: two fifths of a start, and of
// each test file's. Whoever may write there could change the code itself.
import { enableCompileCache } from 'node:module'
import { fileURLToPath } from 'node:url'

enableCompileCache(fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url)))
