// Decodes `system`, and system messages in the middle of the conversation. `docs/spec/translation.md#instructions`.
import type { JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { blocksOf, isEmptyText, text } from '../wire.ts'

const billing = 'x-anthropic-billing-header:'

/** Claude Code's billing line changes with every request, and would defeat every prompt cache. */
export function isBilling (block: JsonObject): boolean {
  return block['type'] === 'text' && text(block['text']).startsWith(billing)
}

/** `system` accepts only text; every other block is a loss. */
export function textOnly<B extends { readonly type?: unknown }> (blocks: readonly B[], ledger: Ledger): B[] {
  return blocks.filter(({ type }) => {
    if (type !== 'text') ledger.lose('system')
    return type === 'text'
  })
}

/** The blocks of `system` that have content. */
export function readSystem (system: unknown, ledger: Ledger): JsonObject[] {
  const blocks = typeof system === 'string' && system.startsWith(billing)
    ? blocksOf(system.slice(system.indexOf('\n') + 1 || system.length))
    : blocksOf(system)
  return textOnly(blocks, ledger).filter(block => !isEmptyText(block) && !isBilling(block))
}
