// Counts key derivations and their iterations at the place where they happen.
const { subtle } = crypto
const derive = subtle.deriveBits.bind(subtle)
let runs = 0
let iterations = 0

subtle.deriveBits = async (...[algorithm, ...rest]: Parameters<SubtleCrypto['deriveBits']>) => {
  if (typeof algorithm === 'object' && algorithm.name === 'PBKDF2') {
    runs++
    iterations += (algorithm as Pbkdf2Params).iterations
  }
  return derive(algorithm, ...rest)
}

/** Since the last call. */
export function takeKdfRuns (): number {
  const taken = runs
  runs = 0
  return taken
}

/** Of all runs since the last call. */
export function takeKdfIterations (): number {
  const taken = iterations
  iterations = 0
  return taken
}
