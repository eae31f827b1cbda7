// Finds the parts of a finished answer that its stream did not contain.
import type { JsonObject } from '../../../json.ts'

/**
 * Items that did not stream to their end, or not at all, with their numbers in the stream.
 * @param known by `output_index` @param output of the last event
 */
export function unstreamed (
  known: ReadonlyMap<number, { readonly isDone: boolean }>,
  output: readonly JsonObject[],
): ReadonlyArray<readonly [number, JsonObject]> {
  // Numbers may have gaps; then only the order matches items.
  if (known.size < output.length) {
    return output.map((item, at) => [at, item] as const).filter(([at]) => known.get(at)?.isDone !== true)
  }
  return [...known.entries()].sort(([a], [b]) => a - b).flatMap(([at, { isDone }], nth) =>
    isDone || output[nth] === undefined ? [] : [[at, output[nth]] as const]
  )
}
