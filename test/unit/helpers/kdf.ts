// Counts key derivations and their iterations, at the place where they happen.
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

/** The number of runs since the last call. */
export function takeKdfRuns (): number {
  const taken = runs
  runs = 0
  return taken
}

/** The iterations of all runs since the last call. */
export function takeKdfIterations (): number {
  const taken = iterations
  iterations = 0
  return taken
}
