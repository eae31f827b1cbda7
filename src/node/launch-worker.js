// The entry of a worker process, which `serve --workers` starts: see processes/worker.ts. Plain JavaScript like
// launch.js.
import { withoutPretenuring } from './internals/pretenuring.js'

withoutPretenuring()
if (import.meta.url.endsWith('/launch-worker.js')) await import('./compile-cache.js')
;(await import('./processes/worker.ts')).work()
