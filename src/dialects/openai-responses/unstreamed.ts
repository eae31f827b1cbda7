// What of a finished answer its stream did not tell.
import type { JsonObject } from '../../json.ts'

/**
 * Items that were not streamed to their end, or not at all, under the numbers they have in the stream.
 * @param known by `output_index`; @param output of the last event
 */
export function unstreamed (known: ReadonlyMap<number, { readonly isDone: boolean }>, output: readonly JsonObject[]): ReadonlyArray<readonly [number, JsonObject]> {
  // Numbers may have gaps; then only the order tells which is which.
  if (known.size < output.length) return output.map((item, at) => [at, item] as const).filter(([at]) => known.get(at)?.isDone !== true)
  return [...known.entries()].sort(([a], [b]) => a - b).flatMap(([at, { isDone }], nth) => isDone || output[nth] === undefined ? [] : [[at, output[nth]] as const])
}
