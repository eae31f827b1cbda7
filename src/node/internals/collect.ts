// A full collection of garbage, when the server asks for it.
//
// Why: the server starts without V8's memory reducer (`--no-memory-reducer`), which collects while a process is idle.
// Then no request holds the shapes of its objects, so V8 forgets them, and throws away all compiled code that knows
// them: three hundred functions, which the next requests compile again. Paced streams took half as much time again, and
// large requests twice as much (docs/performance.md). Without it, garbage stays until the next requests need its place.
// Where memory is nearly used up, it must go at once.
// Relies on: the flag `--expose-gc`, set while the process runs, and the function `gc` of a new context.
// Check: the function is there.
// Without it: V8 collects when the heap has grown to its own limit.
// Remove: together with `--no-memory-reducer`, when a bench without that flag shows no difference.
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

export type Collect = () => void

/** Null where V8 does not offer it. */
export function findCollect (run: (code: string) => unknown = runInNewContext): Collect | null {
  try {
    setFlagsFromString('--expose-gc')
    const gc = run('gc')
    return typeof gc === 'function' ? () => void (gc as () => unknown)() : null
  } catch {
    return null
  }
}
