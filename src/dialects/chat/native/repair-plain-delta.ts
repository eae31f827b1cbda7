// Chunks that hold a piece of text and nothing that needs a look, which is nearly all of a stream: told from their text
// alone, without parsing.
import { frameOf, type Frame } from '../../shared/framed-text.ts'

/** Keys that need a look. Claude's filter results hold an empty `error`, which is none. */
const special = new RegExp(
  String.raw`"(?:tool_calls":|finish_reason":"|usage":\{|id":""|copilot_annotations":|reasoning_text":|`
    + String.raw`reasoning_opaque":|cot_summary":|error":(?!\{"code":"","message":""\}))`,
)

/**
 * The frame of a chunk with one choice and a piece of text in it; null for any other. A key cannot stand in a value,
 * for there its quotes are escaped.
 */
export function plainFrameOf (data: string): Frame | null {
  if (!data.startsWith('{"choices":[{') || !data.includes('"index":0') || special.test(data)) return null
  return frameOf(data, '', '"delta":{"content":"')
}
