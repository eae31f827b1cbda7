// Encodes turns as items for a Responses upstream. Items get no ids, because upstream stores none. Only reasoning keeps
// its id, which belongs to its encrypted content. `docs/spec/translation.md#assistant-turns`,
// `docs/spec/translation.md#carriers`; `docs/spec/copilot.md#responses-request`.
import { knowsPhases } from '../../../rules/model-facts.ts'
import type { Target } from '../../contract/dialect.ts'
import { mapInSteps, stepSize, type Steps } from '../../../steps.ts'
import { fits } from '../../shared/carrier.ts'
import type { Ledger } from '../../contract/ledger.ts'
import { toUrl } from '../../shared/media.ts'
import type { Block, FileBlock, ImageBlock, Prompt, ReasoningBlock, TextBlock,
  ToolResultBlock } from '../../contract/prompt.ts'
import { omitUndefined } from '../../shared/omit-undefined.ts'
import type { ToolNames } from '../../shared/tool-names.ts'
import type { CallOutput, CompactionItem, InputItem, InputMessage, InputPart, OutputMessage,
  ReasoningItem } from '../wire.ts'

export function* encodeItems (
  { system, turns }: Pick<Prompt, 'system' | 'turns'>,
  target: Target,
  ledger: Ledger,
  names: ToolNames,
): Steps<readonly InputItem[]> {
  const items: InputItem[] = []
  /** Calls with free text: their results have a type of their own. */
  const customCalls = new Set<string>()
  const hasPhases = knowsPhases(target)

  yield* instructionMessages(system)
  for (const [at, turn] of turns.entries()) {
    if (at % stepSize === stepSize - 1) yield
    if (turn.role === 'system') yield* instructionMessages(turn.blocks.filter(block => block.type === 'text'))
    else if (turn.role === 'user') yield* user(turn.blocks)
    else yield* assistant(turn.blocks)
  }
  const last = turns.at(-1)
  // The model answers a prefilled text instead of continuing it.
  if (last?.role === 'assistant' && !last.blocks.some(block => block.type === 'tool-call')) ledger.lose('prefill')
  return items

  function* instructionMessages (blocks: readonly TextBlock[]): Steps<void> {
    for (const [at, run] of runs(blocks, (block, before) => block.apart === true || block.role !== before.role)
      .entries()) {
      if (at % stepSize === stepSize - 1) yield
      items.push(
        { type: 'message', role: run[0]?.role ?? 'developer',
          content: run.map((block): InputPart => ({ type: 'input_text', text: block.text })) } satisfies InputMessage,
      )
    }
  }

  function* user (blocks: readonly Block[]): Steps<void> {
    for (const [at, block] of blocks.entries()) {
      if (at % stepSize === stepSize - 1) yield
      if (block.type === 'tool-result') items.push(yield* result(block))
    }
    const content = blocks.filter(block => block.type === 'text' || block.type === 'image' || block.type === 'file')
    yield
    for (const [at, run] of runs(content, block => block.type === 'text' && block.apart === true).entries()) {
      if (at % stepSize === stepSize - 1) yield
      items.push({ type: 'message', role: 'user', content: yield* mapInSteps(run, inputPart) })
    }
  }

  function* assistant (blocks: readonly Block[]): Steps<void> {
    const lastCall = blocks.findLastIndex(block => block.type === 'tool-call')
    const lastSpoken = blocks.findLastIndex(isSpoken)
    let message: OutputMessage['content'] | null = null
    for (const [at, block] of blocks.entries()) {
      if (at % stepSize === stepSize - 1) yield
      switch (block.type) {
        case 'text':
        case 'refusal': {
          if (block.text === '') continue
          if (message === null || (block.type === 'text' && block.apart === true)) {
            message = []
            items.push(
              omitUndefined<OutputMessage>({ type: 'message', role: 'assistant', content: message,
                phase: !hasPhases ? undefined : at < lastCall ? 'commentary' : 'final_answer' }),
            )
          }
          message.push(
            block.type === 'text'
              ? { type: 'output_text', text: block.text, annotations: [] }
              : { type: 'refusal', refusal: block.text },
          )
          continue
        }
        case 'tool-call': {
          const head = { call_id: block.id, name: names.toUpstream(block) }
          if (block.kind === 'custom') customCalls.add(block.id)
          items.push(
            block.kind === 'custom'
              ? { type: 'custom_tool_call', ...head, input: block.input }
              : { type: 'function_call', ...head, arguments: block.input.trim() === '' ? '{}' : block.input },
          )
          break
        }
        case 'reasoning': {
          const compaction = compactionOf(block)
          if (compaction !== null) {
            items.push(compaction)
            break
          }
          const item = restore(block)
          // Upstream refuses reasoning that nothing follows in the same turn: the turn was cut off.
          if (item !== null && at < lastSpoken) items.push(item)
          else ledger.lose('reasoning')
          break
        }
        default:
      }
      message = null
    }
  }

  /** It replaces the conversation before it, so it stays even if nothing follows. */
  function compactionOf ({ carrier }: ReasoningBlock): CompactionItem | null {
    if (carrier === null || !fits(carrier, ['r'], target.id)) return null
    const { type } = carrier.item
    return type === 'compaction' ? { ...carrier.item, type } : null
  }

  function restore ({ carrier }: ReasoningBlock): ReasoningItem | null {
    if (carrier === null || !fits(carrier, ['r'], target.id)) return null
    const { type, encrypted_content: state } = carrier.item
    return type === 'reasoning' && typeof state === 'string' && state !== '' ? { ...carrier.item, type } : null
  }

  function* result ({ id, blocks, isError }: ToolResultBlock): Steps<CallOutput> {
    const type = customCalls.has(id) ? 'custom_tool_call_output' : 'function_call_output'
    if (isError === true) ledger.lose('is_error')
    const content = isError === true ? asError(blocks) : blocks
    const [only] = content
    const isText = content.length === 0 || (content.length === 1 && only?.type === 'text')
    return { type, call_id: id,
      output: isText ? only?.type === 'text' ? only.text : '' : yield* mapInSteps(content, inputPart) }
  }
}

function inputPart (block: TextBlock | ImageBlock | FileBlock): InputPart {
  switch (block.type) {
    case 'text':
      return { type: 'input_text', text: block.text }
    case 'image':
      return { type: 'input_image', image_url: toUrl(block.source), detail: block.detail ?? 'auto' }
    case 'file':
      return filePart(block)
  }
}

function filePart ({ source, name, context }: FileBlock): InputPart {
  if ('text' in source) {
    return { type: 'input_text', text: [name, context, source.text].filter(text =>
      text !== null && text !== undefined && text !== ''
    ).join('\n\n') }
  }
  if ('url' in source) return { type: 'input_file', file_url: source.url }
  return { type: 'input_file', filename: name ?? (source.mime === 'application/pdf' ? 'document.pdf' : 'file'),
    file_data: toUrl(source) }
}

/** Responses has no flag for a failed call. */
function asError (blocks: ToolResultBlock['blocks']): ToolResultBlock['blocks'] {
  const at = blocks.findIndex(block => block.type === 'text')
  const first = blocks[at]
  if (first?.type !== 'text') return [{ type: 'text', text: 'Error' }, ...blocks]
  if (/^(?:[Ee]rror|<tool_use_error>)/.test(first.text)) return blocks
  return blocks.with(at, { ...first, text: `Error: ${first.text}` })
}

function isSpoken (block: Block): boolean {
  return block.type === 'tool-call' || ((block.type === 'text' || block.type === 'refusal') && block.text !== '')
}

/** Groups neighbours until `begins` starts a new group. */
function runs<T> (blocks: readonly T[], begins: (block: T, before: T) => boolean): readonly (readonly T[])[] {
  const out: T[][] = []
  let before: T | undefined
  for (const block of blocks) {
    if (before === undefined || begins(block, before)) out.push([])
    out.at(-1)?.push(block)
    before = block
  }
  return out
}
