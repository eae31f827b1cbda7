// What to do when the chosen store is not configured. The log, the banner and `POST /` say the same.

/** @param missing the names of the settings or of the binding that are missing; at least one */
export function storeRemedy (missing: readonly string[]): string {
  return missing.some(name => name.startsWith('CF_'))
    ? `set ${missing.join(', ')}, or choose the embedded store with STORE=sqlite`
    : `add ${missing.join(', ')}`
}
