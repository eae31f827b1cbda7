// Tools on POST /v1/messages: no server tools, nothing unknown in a definition, and every call answered at once.
import { blocksOf } from './ask-messages.ts'
import { fields, list, text } from './json.ts'
import type { Fields } from './json.ts'
import type { World } from './world.ts'

const serverTool = /^(?:web_search|web_fetch|code_execution|text_editor|computer|bash|memory|advisor|mcp_toolset)/
const known = new Set(['name', 'description', 'input_schema', 'type', 'cache_control', 'defer_loading'])

export function checkMessagesTools (world: World, body: Fields): string | null {
  return (world.strict.messagesTools ? checkDefinitions(world, body) : null) ?? (world.strict.toolPairs ? checkPairs(body) : null)
}

function checkDefinitions ({ strict }: World, body: Fields): string | null {
  const tools = list(body.tools).map(fields)
  if (strict.toolCount && tools.length > 128) return `tools: List should have at most 128 items after validation, not ${tools.length}`
  for (const [index, tool] of tools.entries()) {
    const type = text(tool.type)
    if (serverTool.test(type)) return `tools.${index}: Input tag '${type}' found using 'type' does not match any of the expected tags`
    if (type.startsWith('tool_search_tool_')) continue
    const extra = Object.keys(tool).find(name => !known.has(name))
    if (extra !== undefined) return `tools.${index}.custom.${extra}: Extra inputs are not permitted`
    if (strict.toolNames && !/^[a-zA-Z0-9_-]{1,128}$/.test(text(tool.name))) return `tools.${index}.custom.name: String should match pattern '^[a-zA-Z0-9_-]{1,128}$'`
    if (fields(tool.input_schema).$schema !== undefined) return `tools.${index}.custom.input_schema.$schema: Extra inputs are not permitted`
    if (fields(tool.input_schema).type !== 'object') return `tools.${index}.custom.input_schema.type: Field required`
  }
  return null
}

function checkPairs (body: Fields): string | null {
  const turns = list(body.messages).map(message => blocksOf(fields(message).content))
  for (const [index, blocks] of turns.entries()) {
    const called = idsOf(turns[index - 1] ?? [], 'tool_use', 'id')
    const answered = idsOf(blocks, 'tool_result', 'tool_use_id')
    const orphan = answered.find(id => !called.includes(id))
    if (orphan !== undefined) return `messages.${index}.content: unexpected \`tool_use_id\` found in \`tool_result\` blocks: ${orphan}. Each \`tool_result\` block must have a corresponding \`tool_use\` block in the previous message.`
    const open = called.filter(id => !answered.includes(id))
    if (open.length > 0) return `messages.${index - 1}: \`tool_use\` ids were found without \`tool_result\` blocks immediately after: ${open.join(', ')}.`
    if (called.length > 0 && blocks[0]?.type !== 'tool_result') return `messages.${index}: \`tool_result\` blocks must come first`
  }
  const used = turns.flat().some(block => block.type === 'tool_use' || block.type === 'tool_result')
  return used && body.tools === undefined ? 'Requests which include `tool_use` or `tool_result` blocks must define tools' : null
}

function idsOf (blocks: readonly Fields[], type: string, key: string): string[] {
  return blocks.filter(block => block.type === type).map(block => text(block[key]))
}
