// Turns as the items of a Responses upstream. Items get no ids, for upstream knows none, but for reasoning, whose id goes
// with its encrypted content. `translation.md` 2.4, 2.6.2; `copilot-upstream.md` 8.1.
import type { Target } from '../dialect.ts'
import type { JsonObject } from '../../json.ts'
import { fits } from '../carrier.ts'
import type { Ledger } from '../ledger.ts'
import { toUrl } from '../media.ts'
import type { Block, FileBlock, ImageBlock, Prompt, ReasoningBlock, TextBlock, ToolResultBlock } from '../prompt.ts'
import { fitCallId, type ToolNames } from '../tool-names.ts'
import { knowsPhases } from './models.ts'

export function encodeItems ({ system, turns }: Pick<Prompt, 'system' | 'turns'>, target: Target, ledger: Ledger, names: ToolNames): readonly JsonObject[] {
  const items: JsonObject[] = []
  /** Calls of free text, whose results have a type of their own. */
  const customCalls = new Set<string>()
  const hasPhases = knowsPhases(target.id)

  instructionMessages(system)
  for (const turn of turns) {
    if (turn.role === 'system') instructionMessages(turn.blocks.filter(block => block.type === 'text'))
    else if (turn.role === 'user') user(turn.blocks)
    else assistant(turn.blocks)
  }
  const last = turns.at(-1)
  // The model answers after what was meant to be continued.
  if (last?.role === 'assistant' && !last.blocks.some(block => block.type === 'tool-call')) ledger.lose('prefill')
  return items

  function instructionMessages (blocks: readonly TextBlock[]): void {
    for (const run of runs(blocks, (block, before) => block.apart === true || block.role !== before.role)) {
      items.push({ type: 'message', role: run[0]?.role ?? 'developer', content: run.map(block => ({ type: 'input_text', text: block.text })) })
    }
  }

  function user (blocks: readonly Block[]): void {
    for (const block of blocks) if (block.type === 'tool-result') items.push(result(block))
    const content = blocks.filter(block => block.type === 'text' || block.type === 'image' || block.type === 'file')
    for (const run of runs(content, block => block.type === 'text' && block.apart === true)) {
      items.push({ type: 'message', role: 'user', content: run.map(inputPart) })
    }
  }

  function assistant (blocks: readonly Block[]): void {
    const lastCall = blocks.findLastIndex(block => block.type === 'tool-call')
    const lastSaid = blocks.findLastIndex(isSaid)
    let message: JsonObject[] | null = null
    blocks.forEach((block, at) => {
      switch (block.type) {
        case 'text': case 'refusal': {
          if (block.text === '') return
          if (message === null || (block.type === 'text' && block.apart === true)) {
            message = []
            items.push({ type: 'message', role: 'assistant', content: message, ...(hasPhases ? { phase: at < lastCall ? 'commentary' : 'final_answer' } : {}) })
          }
          message.push(block.type === 'text' ? { type: 'output_text', text: block.text, annotations: [] } : { type: 'refusal', refusal: block.text })
          return
        }
        case 'tool-call': {
          const head = { call_id: fitCallId(block.id), name: names.toUpstream(block) }
          if (block.kind === 'custom') customCalls.add(block.id)
          items.push(block.kind === 'custom' ? { type: 'custom_tool_call', ...head, input: block.input } : { type: 'function_call', ...head, arguments: block.input.trim() === '' ? '{}' : block.input })
          break
        }
        case 'reasoning': {
          const item = restore(block)
          // Refused where nothing of the same turn follows: it was cut off.
          if (item !== null && at < lastSaid) items.push(item)
          else if (block.text !== '' || block.carrier !== null) ledger.lose('reasoning')
          break
        }
        default:
      }
      message = null
    })
  }

  function restore ({ carrier }: ReasoningBlock): JsonObject | null {
    if (carrier === null || !fits(carrier, ['r'], target.id)) return null
    const { type, encrypted_content: state } = carrier.item
    return type === 'reasoning' && typeof state === 'string' && state !== '' ? carrier.item : null
  }

  function result ({ id, blocks, isError }: ToolResultBlock): JsonObject {
    const type = customCalls.has(id) ? 'custom_tool_call_output' : 'function_call_output'
    if (isError === true) ledger.lose('is_error')
    const told = isError === true ? asError(blocks) : blocks
    const [only] = told
    const isText = told.length === 0 || (told.length === 1 && only?.type === 'text')
    return { type, call_id: fitCallId(id), output: isText ? only?.type === 'text' ? only.text : '' : told.map(inputPart) }
  }
}

function inputPart (block: TextBlock | ImageBlock | FileBlock): JsonObject {
  switch (block.type) {
    case 'text': return { type: 'input_text', text: block.text }
    case 'image': return { type: 'input_image', image_url: toUrl(block.source), detail: block.detail ?? 'auto' }
    case 'file': return filePart(block)
  }
}

function filePart ({ source, name, context }: FileBlock): JsonObject {
  if ('text' in source) return { type: 'input_text', text: [name, context, source.text].filter(text => text !== null && text !== undefined && text !== '').join('\n\n') }
  if ('url' in source) return { type: 'input_file', file_url: source.url }
  return { type: 'input_file', filename: name ?? (source.mime === 'application/pdf' ? 'document.pdf' : 'file'), file_data: toUrl(source) }
}

/** This dialect has no flag for it. */
function asError (blocks: ToolResultBlock['blocks']): ToolResultBlock['blocks'] {
  const at = blocks.findIndex(block => block.type === 'text')
  const first = blocks[at]
  if (first?.type !== 'text') return [{ type: 'text', text: 'Error' }, ...blocks]
  if (/^(?:[Ee]rror|<tool_use_error>)/.test(first.text)) return blocks
  return blocks.with(at, { ...first, text: `Error: ${first.text}` })
}

function isSaid (block: Block): boolean {
  return block.type === 'tool-call' || ((block.type === 'text' || block.type === 'refusal') && block.text !== '')
}

/** Neighbours together, until one begins anew. */
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
