// How often a password was stretched: counted where it happens.
const { subtle } = crypto
const derive = subtle.deriveBits.bind(subtle)
let runs = 0

subtle.deriveBits = async (...[algorithm, ...rest]: Parameters<SubtleCrypto['deriveBits']>) => {
  if (typeof algorithm === 'object' && algorithm.name === 'PBKDF2') runs++
  return derive(algorithm, ...rest)
}

/** Since the last call. */
export function takeKdfRuns (): number {
  const taken = runs
  runs = 0
  return taken
}
