// Encodes a user's turn: first the tool results, then one message with the rest. Results must be text; their images and
// files move into that message, each under the id of its call. `docs/spec/translation.md#tool-results`.
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { toUrl } from '../../shared/media.ts'
import type { Block, FileBlock, ImageBlock, TextBlock, ToolResultBlock } from '../../contract/prompt.ts'
import { joinApart } from '../../shared/text.ts'
import type { Draft } from './encode-draft.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ChatPart, ChatToolMessage, ChatUserMessage } from '../wire.ts'

type Content = TextBlock | ImageBlock | FileBlock

export function* encodeUser (blocks: readonly Block[], ledger: Ledger): Steps<Draft[]> {
  const results = blocks.filter(block => block.type === 'tool-result')
  const moved = yield* mapInSteps(results,
    result =>
      result.blocks.filter(isAttachment).flatMap((
        block,
      ): ChatPart[] => [{ type: 'text', text: `[Attachment of tool call ${result.id}]` },
        ...encodePart(block, ledger)]
      ))
  const rest = blocks.filter((block): block is Content =>
    block.type === 'text' || block.type === 'image' || block.type === 'file'
  )
  const own = yield* mapInSteps(rest, block => encodePart(block, ledger))
  const parts = [...moved.flat(), ...own.flat()]
  const message: Draft[] = parts.length === 0
    ? []
    : [{ message: { role: 'user', content: toContent(parts) }, cache: rest.some(block => block.cache === true) }]
  return [...yield* mapInSteps(results, result => encodeResult(result, ledger)), ...message]
}

function encodeResult (result: ToolResultBlock, ledger: Ledger): Draft {
  const { id, blocks, isError, cache } = result
  const hasAttachment = blocks.some(isAttachment)
  const text = joinApart(
    blocks.map(block => block.type === 'text' ? block.text : block.type === 'file' ? textOfFile(block) ?? '' : ''),
  )
  const message: ChatToolMessage = { role: 'tool', tool_call_id: id,
    content: flagged(text === '' && hasAttachment ? '[image attached below]' : text, isError, ledger) }
  return {
    message,
    cache: cache === true || blocks.some(block => block.cache === true),
  }
}

/** Chat has no flag for a failed call, so the text says it. */
function flagged (text: string, isError: boolean | null, ledger: Ledger): string {
  if (isError !== true) return text
  if (/^(?:[Ee]rror|<tool_use_error>)/.test(text)) return text
  ledger.lose('is_error')
  return `Error: ${text}`
}

/** Whether the block cannot be text. */
function isAttachment (block: Content): boolean {
  return block.type === 'image' || (block.type === 'file' && textOfFile(block) === null)
}

function encodePart (block: Content, ledger: Ledger): ChatPart[] {
  switch (block.type) {
    case 'text':
      return [{ type: 'text', text: block.text }]
    case 'image':
      return [{ type: 'image_url',
        image_url: omitUndefined<{ url: string, detail?: string }>({ url: toUrl(block.source),
          detail: block.detail ?? undefined }) }]
    case 'file': {
      const text = textOfFile(block)
      if (text !== null) return [{ type: 'text', text }]
      if ('url' in block.source) return ledger.refuse('messages', 'a file by its URL')
      const { source } = block
      return [{ type: 'file',
        file: omitUndefined<{ filename?: string, file_data?: string }>({ filename: block.name ?? undefined,
          file_data: 'data' in source ? toUrl(source) : undefined }) }]
    }
  }
}

/** Title, context and content of a text file; null for a binary one. */
function textOfFile ({ source, name, context }: FileBlock): string | null {
  return 'text' in source
    ? [name, context, source.text].filter(text => typeof text === 'string' && text !== '').join('\n')
    : null
}

/** Plain text becomes a string, which every backend accepts. */
function toContent (parts: ChatPart[]): ChatUserMessage['content'] {
  const [only] = parts
  return parts.length === 1 && only?.type === 'text' ? only.text : parts
}
