// An MCP server with one useful tool among many, for the tests of tool search.
import { createInterface } from 'node:readline'

const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] }
const tools = [{ name: 'read_note', description: 'Reads a note.', inputSchema: schema },
  ...Array.from({ length: 20 },
    (_, at) => ({ name: `other_${at}`, description: 'Does nothing.', inputSchema: schema }))]
const results = {
  initialize: ({ protocolVersion }) => ({ protocolVersion, capabilities: { tools: {} },
    serverInfo: { name: 'notes', version: '1.0.0' } }),
  'tools/list': () => ({ tools }),
  'tools/call': () => ({ content: [{ type: 'text', text: 'the note says plum' }] }),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { id, method, params } = JSON.parse(line)
  if (id !== undefined) {
    process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', id, result: results[method]?.(params) ?? {} })}\n`)
  }
}
