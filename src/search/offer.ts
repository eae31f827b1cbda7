// Offers the gateway's web tools to a model as functions, and shows it the searches of the conversation as its own
// calls. `docs/spec/search.md#loop`.
import type { Block, Prompt, Tool, ToolChoice, Turn } from '../dialects/contract/prompt.ts'
import type { WebToolName } from '../dialects/contract/search.ts'

/** What the gateway did so far to answer a request. */
export interface Searched {
  /** The model's calls, and their results. */
  readonly turns: readonly Turn[]
  /** No further call is possible: the next answer is the last. */
  readonly isOver: boolean
}
export const notSearched: Searched = { turns: [], isOver: false }

/** The names of the functions: the client may have functions of its own with the usual names. */
function webToolNames ({ tools }: Pick<Prompt, 'tools'>): ReadonlyMap<string, WebToolName> {
  const taken = new Set(tools.filter(({ namespace }) => namespace === null).map(({ name }) => name))
  return new Map((['web_search', 'web_fetch'] as const).map(name => [taken.has(name) ? `gateway_${name}` : name, name]))
}

/** Returns the same prompt if the client offers no such tool. */
export function offerWebTools (prompt: Prompt, searched: Searched): Prompt {
  const { webTools = null, tools, turns } = prompt
  if (webTools === null) return prompt
  const names = webToolNames(prompt)
  const offered = [...names].filter(([, tool]) => tool === 'web_search' ? webTools.search !== null : webTools.fetches)
  const [searchName = 'web_search'] = names.keys()
  return {
    ...prompt,
    webTools: { ...webTools, functions: new Map(offered) },
    tools: [...tools, ...offered.map(([name, tool]) => toFunction(name, tool))],
    toolChoice: choiceOf(prompt, names, searched),
    turns: [...turns.flatMap(turn => showSearches(turn, searchName)), ...searched.turns],
  }
}

/** The client's choice counts until a tool was called. */
function choiceOf (
  { toolChoice, webTools }: Prompt,
  names: ReadonlyMap<string, WebToolName>,
  { turns, isOver }: Searched,
): ToolChoice | null {
  if (isOver) return { type: 'none' }
  if (turns.length > 0) return toolChoice?.type === 'none' ? toolChoice : { type: 'auto' }
  const forced = [...names].find(([, tool]) => tool === webTools?.forced)
  return forced === undefined ? toolChoice : { type: 'tool', tool: { name: forced[0], namespace: null } }
}

const descriptions: Readonly<Record<WebToolName, readonly [string, string, string]>> = {
  web_search: [
    'Searches the web and returns a report with the addresses of its sources. Behind each sentence that relies on a '
    + 'source, put that source as a Markdown link: ([title](address)).',
    'query',
    'What to search for, in the words of a search engine.',
  ],
  web_fetch: ['Reads the page at an address.', 'url', 'The address of the page.'],
}

function toFunction (name: string, tool: WebToolName): Tool {
  const [description, parameter, meaning] = descriptions[tool]
  return {
    name,
    namespace: null,
    kind: 'function',
    builtin: null,
    description,
    schema: { type: 'object', properties: { [parameter]: { type: 'string', description: meaning } },
      required: [parameter], additionalProperties: false },
    strict: null,
    grammar: null,
    cache: false,
  }
}

/** Splits a turn of the model at its searches: each is a call, and its result comes in a turn of its own. */
function showSearches (turn: Turn, name: string): readonly Turn[] {
  if (!turn.blocks.some(isSearch)) return [turn]
  const turns: Turn[] = []
  let blocks: Block[] = []
  for (const block of turn.blocks) {
    if (!isSearch(block)) {
      blocks.push(block)
      continue
    }
    const { id, query, result, isError } = block.search
    const call: Block = { type: 'tool-call', id: callIdOf(id), name, namespace: null, kind: 'function', builtin: null,
      input: JSON.stringify({ query }) }
    turns.push({ role: turn.role, blocks: [...blocks, call] }, { role: 'user',
      blocks: [{ type: 'tool-result', id: callIdOf(id), blocks: [{ type: 'text', text: result }], isError }] })
    blocks = []
  }
  return blocks.length === 0 ? turns : [...turns, { role: turn.role, blocks }]
}

function isSearch (
  block: Block,
): block is Extract<Block, { type: 'text' }> & {
  readonly search: NonNullable<Extract<Block, { type: 'text' }>['search']>,
} {
  return block.type === 'text' && block.search !== undefined
}

/** Anthropic's prefix for calls of a client's tools, which upstream expects. */
function callIdOf (id: string): string {
  return id.replace(/^srvtoolu_/, 'toolu_')
}
