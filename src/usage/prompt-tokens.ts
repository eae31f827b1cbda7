// How many tokens a prompt has, given how to count a text's. Clients compare the figure with a limit, so what cannot be
// known is rather put too high. `translation.md` 1.3.6, `copilot-upstream.md` 9.7.
import type { Block, FileBlock, Prompt, Tool } from '../dialects/prompt.ts'

const perTurn = 4
const perImage = 1_600
const perPdfPage = 2_000
/** Of a PDF's bytes, in base64, for one page. */
const pageLength = 60_000
/** What Anthropic puts before the first tool. */
const forTools = 346

/** @param count tokens of one text */
export async function countPrompt ({ system, turns, tools, format }: Prompt, count: (text: string) => number | Promise<number>): Promise<number> {
  const texts: string[] = system.map(block => block.text)
  let tokens = 0
  for (const { blocks } of turns) {
    tokens += perTurn
    for (const block of blocks) tokens += weigh(block, texts)
  }
  if (tools.length > 0) tokens += forTools
  for (const tool of tools) texts.push(describe(tool))
  if (format?.type === 'schema') texts.push(JSON.stringify(format.schema))
  return tokens + await count(texts.join('\n'))
}

/** Fixed costs of a block; its texts are left in `texts`. */
function weigh (block: Block, texts: string[]): number {
  switch (block.type) {
    case 'text': case 'refusal': case 'reasoning': texts.push(block.text); return 0
    case 'image': return perImage
    case 'file': return weighFile(block, texts)
    case 'tool-call': texts.push(block.name, block.input); return 8
    case 'tool-result': return 8 + block.blocks.reduce((total, inner) => total + weigh(inner, texts), 0)
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
