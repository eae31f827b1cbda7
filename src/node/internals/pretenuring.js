// Switches off a guess of V8's garbage collector. Plain JavaScript, because any Node must be able to load it.
//
// Why: V8 notices which objects survive a collection, and makes the next ones of their kind among the old objects. Here
// everything that waits for upstream survives one collection and dies a moment later. Among the old objects it would
// stay, with all it points to, until the next full collection. That took a quarter of a request's time
// (docs/performance.md).
// Relies on: the flag `--no-allocation-site-pretenuring`, set while the process runs.
// Check: V8's version is one that was tried. V8 prints an error for a flag that it does not know, and throws nothing.
// Without it: V8's default; requests only take longer.
// Remove: when a bench without it shows no difference.
import { setFlagsFromString } from 'node:v8'

const triedFrom = 12
const triedTo = 14

/** @param {string} version of V8 @returns {boolean} whether the flag was set */
export function withoutPretenuring (version = process.versions.v8, setFlags = setFlagsFromString) {
  const major = Number.parseInt(version, 10)
  if (!(major >= triedFrom && major <= triedTo)) return false
  setFlags('--no-allocation-site-pretenuring')
  return true
}
