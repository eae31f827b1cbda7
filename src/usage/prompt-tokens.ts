// Counts the tokens of a prompt, given a function that counts the tokens of a text. Clients compare the result with a
// limit, so unknown costs are estimated too high rather than too low. `docs/spec/translation.md#count-tokens`,
// `docs/spec/copilot.md#count-tokens`.
import { inTurns, stepSize, type Steps } from '../steps.ts'
import type { Block, FileBlock, Prompt, Tool } from '../dialects/contract/prompt.ts'
import type { Counted } from './token-counter.ts'

const perTurn = 4
const perImage = 1_600
const perPdfPage = 2_000
/** Base64 characters of a PDF that count as one page. */
const pageLength = 60_000
/** Tokens that Anthropic adds in front of the first tool. */
const forTools = 346

/** @param count counts the tokens of one text */
export async function countPrompt (prompt: Prompt, count: (text: string) => Promise<Counted>): Promise<Counted> {
  const { tokens, texts } = await inTurns(weighPrompt(prompt))
  const counted = await count(texts.join('\n'))
  return { ...counted, tokens: tokens + counted.tokens }
}

/** Gives the fixed costs, and the texts to count. */
export function* weighPrompt (
  { system, turns, tools, format }: Prompt,
): Steps<{ readonly tokens: number, readonly texts: readonly string[] }> {
  const texts: string[] = system.map(block => block.text)
  let tokens = 0
  let step = 0
  for (const { blocks } of turns) {
    tokens += perTurn
    for (const block of blocks) {
      if (++step % stepSize === 0) yield
      tokens += weigh(block, texts)
    }
  }
  if (tools.length > 0) tokens += forTools
  for (const tool of tools) {
    if (++step % stepSize === 0) yield
    texts.push(describe(tool))
  }
  if (format?.type === 'schema') texts.push(JSON.stringify(format.schema))
  return { tokens, texts }
}

/** The fixed costs of a block. Appends the block's texts to `texts`. */
function weigh (block: Block, texts: string[]): number {
  switch (block.type) {
    case 'text':
    case 'refusal':
    case 'reasoning':
      texts.push(block.text)
      return 0
    case 'image':
      return perImage
    case 'file':
      return weighFile(block, texts)
    case 'tool-call':
      texts.push(block.name, block.input)
      return 8
    case 'tool-result':
      return 8 + block.blocks.reduce((total, inner) => total + weigh(inner, texts), 0)
  }
}

function weighFile ({ source, name }: FileBlock, texts: string[]): number {
  if (name !== null) texts.push(name)
  if ('text' in source) {
    texts.push(source.text)
    return 0
  }
  return perPdfPage * ('data' in source ? Math.max(1, Math.ceil(source.data.length / pageLength)) : 1)
}

function describe ({ name, description, schema, grammar }: Tool): string {
  return [name, description ?? '', schema === null ? '' : JSON.stringify(schema), grammar?.definition ?? ''].join('\n')
}
