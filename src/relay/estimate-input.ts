// Estimates a prompt's tokens, for a number that is shown until the real one arrives: four bytes a token, and a fixed
// number for each image or page.
import type { Block, Prompt } from '../dialects/contract/prompt.ts'
import { stepSize, type Steps } from '../steps.ts'

/** @param bytes the request's size in bytes of JSON */
export function* estimateInput (bytes: number, { turns }: Pick<Prompt, 'turns'>): Steps<number> {
  let inline = 0
  let pieces = 0
  let step = 0
  const weigh = (block: Block): void => {
    if ((block.type !== 'image' && block.type !== 'file') || !('data' in block.source)) return
    inline += block.source.data.length
    pieces++
  }
  for (const { blocks } of turns) {
    for (const block of blocks) {
      if (++step % stepSize === 0) yield
      if (block.type === 'tool-result') block.blocks.forEach(weigh)
      else weigh(block)
    }
  }
  return Math.max(1, Math.ceil(Math.max(0, bytes - inline) / 4) + 1_600 * pieces)
}
