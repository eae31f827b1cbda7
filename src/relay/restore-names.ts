// Restores tool names in an answer in the client's own dialect whose tools had other names upstream, in whole answers
// and in streams. Only events that contain such a name are parsed.
import type { AnswerOptions, UpstreamDialect, StreamRepair } from '../dialects/contract/dialect.ts'
import { isObject, parseJson, type JsonObject } from '../json.ts'

export interface NameRestorer {
  /** Changes the answer in place. */
  readonly answer: (answer: JsonObject) => JsonObject
  /** The dialect's repair, with the client's names in its output. */
  readonly createRepair: (options: AnswerOptions) => StreamRepair
}

/** @param names from upstream's to the client's; null if none differs */
export function createNameRestorer (
  names: ReadonlyMap<string, string>,
  { createRepair, visitToolNames }: Pick<UpstreamDialect, 'createRepair' | 'visitToolNames'>,
): NameRestorer | null {
  if (names.size === 0) return null
  const upstreamNames = [...names.keys()]
  const hasName = (text: string): boolean => upstreamNames.some(name => text.includes(name))

  const rewritten = (text: string): string =>
    hasName(text)
      ? text.split('\n').map(line =>
        line.startsWith('data: ') && hasName(line) ? `data: ${restoredJson(line.slice('data: '.length))}` : line
      ).join('\n')
      : text
  /** The same text if it names no such tool: the name may also occur in the answer's text. */
  const restoredJson = (json: string): string => {
    try {
      const value = parseJson(json)
      if (isObject(value) && restore(value)) return JSON.stringify(value)
    } catch { /* Not an event of this dialect: it passes unchanged. */ }
    return json
  }
  /** @returns whether there was a name to restore */
  const restore = (value: JsonObject): boolean => {
    let isChanged = false
    visitToolNames(value, holder => {
      const known = isObject(holder) && typeof holder['name'] === 'string' ? names.get(holder['name']) : undefined
      if (known === undefined) return
      ;(holder as JsonObject)['name'] = known
      isChanged = true
    })
    return isChanged
  }
  const restored = (value: JsonObject): JsonObject => {
    restore(value)
    return value
  }
  return {
    answer: restored,
    createRepair (options) {
      // The repair still uses the answer that it emits, so only a copy may change.
      const repair = createRepair({ ...options,
        completed: options.completed && (answer => options.completed?.(restored(structuredClone(answer)))) })
      return {
        ...repair,
        event (data, name, parsed) {
          const out = repair.event(data, name, parsed)
          if (out !== null) return rewritten(out)
          const json = hasName(data) ? restoredJson(data) : data
          return json === data ? null : `${name === '' ? '' : `event: ${name}\n`}data: ${json}\n\n`
        },
        end: () => rewritten(repair.end()),
        ...(repair.fail === undefined ? {} : { fail: error => rewritten(repair.fail?.(error) ?? '') }),
      }
    },
  }
}
