// Finds names in the environment that look like a misspelt setting. A setting with a wrong name has no effect, and
// nothing else would say so.
import { nearestWord } from './edit-distance.ts'

/** Names of other software that are near one of ours. */
const foreign: ReadonlySet<string> = new Set(['FTP_PROXY', 'ALL_PROXY'])
const longestName = 64

/**
 * @param known the names of all settings
 * @returns a warning for each name that is a letter or two away from a setting; values never occur in it
 */
export function misspeltSettings (env: Readonly<Record<string, unknown>>, known: ReadonlySet<string>): string[] {
  return Object.keys(env).flatMap(name => {
    const isOurs = known.has(name) || foreign.has(name)
    if (isOurs || !/^[A-Z][A-Z0-9_]*$/.test(name) || name.length > longestName || !isSet(env[name])) return []
    const meant = nearestWord(name, known, name.length > 12 ? 2 : 1)
    return meant === null ? [] : [`${name} is not a setting: did you mean ${meant}?`]
  })
}

/** Bindings of a Worker are objects. */
function isSet (value: unknown): boolean {
  return typeof value === 'string' ? value.trim() !== '' : typeof value === 'number' || typeof value === 'boolean'
}
