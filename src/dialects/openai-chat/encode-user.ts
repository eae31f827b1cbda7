// A user's turn: first the results of tools, then one message with the rest. Results are text here; their images and files
// go into that message too, each under the id of its call. `translation.md` 2.4.3.
import type { JsonObject } from '../../json.ts'
import type { Ledger } from '../ledger.ts'
import { toUrl } from '../media.ts'
import type { Block, FileBlock, ImageBlock, TextBlock, ToolResultBlock } from '../prompt.ts'
import { gap } from '../text.ts'
import { fitCallId } from '../tool-names.ts'
import type { Draft } from './encode-messages.ts'
import { said } from './read.ts'

type Content = TextBlock | ImageBlock | FileBlock

export function encodeUser (blocks: readonly Block[], ledger: Ledger): Draft[] {
  const results = blocks.filter(block => block.type === 'tool-result')
  const moved = results.flatMap(result => result.blocks.filter(isAttachment).flatMap(block => [{ type: 'text', text: `[Attachment of tool call ${fitCallId(result.id)}]` }, ...encodePart(block, ledger)]))
  const rest = blocks.filter((block): block is Content => block.type === 'text' || block.type === 'image' || block.type === 'file')
  const parts = [...moved, ...rest.flatMap(block => encodePart(block, ledger))]
  const message = parts.length === 0 ? [] : [{ message: { role: 'user', content: toContent(parts) }, cache: rest.some(block => block.cache === true) }]
  return [...results.map(result => encodeResult(result, ledger)), ...message]
}

function encodeResult (result: ToolResultBlock, ledger: Ledger): Draft {
  const { id, blocks, isError, cache } = result
  const hasAttachment = blocks.some(isAttachment)
  const text = blocks.map(block => block.type === 'text' ? block.text : block.type === 'file' ? textOfFile(block) ?? '' : '').reduce((all, piece) => all + gap(all, piece) + piece, '')
  return {
    message: { role: 'tool', tool_call_id: fitCallId(id), content: flagged(text === '' && hasAttachment ? '[image attached below]' : text, isError, ledger) },
    cache: cache === true || blocks.some(block => block.cache === true),
  }
}

/** There is no flag for a failed call: the text says it. */
function flagged (text: string, isError: boolean | null, ledger: Ledger): string {
  if (isError !== true) return text
  if (/^(?:[Ee]rror|<tool_use_error>)/.test(text)) return text
  ledger.lose('is_error')
  return `Error: ${text}`
}

/** What cannot be text. */
function isAttachment (block: Content): boolean {
  return block.type === 'image' || (block.type === 'file' && textOfFile(block) === null)
}

function encodePart (block: Content, ledger: Ledger): JsonObject[] {
  switch (block.type) {
    case 'text': return [{ type: 'text', text: block.text }]
    case 'image': return [{ type: 'image_url', image_url: said({ url: toUrl(block.source), detail: block.detail ?? undefined }) }]
    case 'file': {
      const text = textOfFile(block)
      if (text !== null) return [{ type: 'text', text }]
      if ('url' in block.source) return ledger.refuse('messages', 'a file by its URL')
      const { source } = block
      return [{ type: 'file', file: said({ filename: block.name ?? undefined, file_data: 'data' in source ? toUrl(source) : undefined }) }]
    }
  }
}

/** Title, context and body of a file that is text; null for one of bytes. */
function textOfFile ({ source, name, context }: FileBlock): string | null {
  return 'text' in source ? [name, context, source.text].filter(text => typeof text === 'string' && text !== '').join('\n') : null
}

/** Text alone is a string, as every backend takes it. */
function toContent (parts: readonly JsonObject[]): string | readonly JsonObject[] {
  const [only] = parts
  return parts.length === 1 && only?.['type'] === 'text' ? only['text'] as string : parts
}
