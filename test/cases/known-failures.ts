// Cases that fail today. The list can only shrink: if a listed case holds, the test fails, and with the last name this
// file is removed.
export const knownFailures: ReadonlySet<string> = new Set([])
