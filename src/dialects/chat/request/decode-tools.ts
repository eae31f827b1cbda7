// Decodes the tools of a Chat request: functions, free-text tools, and legacy functions.
// `docs/spec/translation.md#legacy-functions`, `docs/spec/translation.md#function-tools`.
import { isObject, type JsonObject } from '../../../json.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt, Tool, ToolChoice, ToolId } from '../../contract/prompt.ts'
import { invalid, readFlag, readList, readObject, token } from './decode-fields.ts'

/** Whether the client uses legacy functions: it then expects its answer in that form too. */
export function usesFunctions (body: JsonObject): boolean {
  return isFull(body['functions']) && !isFull(body['tools'])
}

/** @throws {GatewayError} */
export function decodeTools (
  body: JsonObject,
  ledger: Ledger,
): Pick<Prompt, 'tools' | 'toolChoice' | 'parallelToolCalls'> {
  const given = readList(body, 'tools')
  const isLegacy = usesFunctions(body)
  const tools = isLegacy
    ? readList(body, 'functions').map((each, at) =>
      toFunction(readObject(each, `functions[${at}]`), `functions[${at}]`)
    )
    : given.flatMap((tool, at) => readTool(tool, `tools[${at}]`, ledger, given.length))
  if (tools.length === 0) return { tools, toolChoice: null, parallelToolCalls: null }
  const choice = isLegacy ? body['function_call'] : body['tool_choice']
  return {
    tools,
    toolChoice: choice === null || choice === undefined
      ? null
      : isLegacy && isObject(choice)
      ? named(choice['name'], 'function_call.name')
      : readChoice(choice, isLegacy ? 'function_call' : 'tool_choice'),
    parallelToolCalls: isLegacy ? false : readFlag(body, 'parallel_tool_calls'),
  }
}

/** Leaves out the vendor's own tools if the client has others. */
function readTool (value: unknown, path: string, ledger: Ledger, count: number): Tool[] {
  const tool = readObject(value, path)
  if (tool['type'] === 'function') {
    return [toFunction(readObject(tool['function'], `${path}.function`), `${path}.function`)]
  }
  if (tool['type'] === 'custom') return [toCustom(readObject(tool['custom'], `${path}.custom`), `${path}.custom`)]
  if (typeof tool['type'] !== 'string') throw invalid(`${path}.type`, '"function" or "custom"')
  if (count === 1) ledger.refuse(path, `a tool of the type ${token(tool['type'])}`)
  ledger.lose(`tools.${token(tool['type'])}`)
  return []
}

function toFunction ({ name, description, parameters, strict }: JsonObject, path: string): Tool {
  return {
    name: readName(name, `${path}.name`),
    namespace: null,
    kind: 'function',
    builtin: null,
    description: typeof description === 'string' ? description : null,
    schema: isObject(parameters) ? parameters : null,
    strict: typeof strict === 'boolean' ? strict : null,
    grammar: null,
    cache: false,
  }
}

function toCustom ({ name, description, format }: JsonObject, path: string): Tool {
  const { syntax, definition } = isObject(format) && isObject(format['grammar']) ? format['grammar'] : {}
  return {
    name: readName(name, `${path}.name`),
    namespace: null,
    kind: 'custom',
    builtin: null,
    description: typeof description === 'string' ? description : null,
    schema: null,
    strict: null,
    cache: false,
    grammar: typeof syntax === 'string' && typeof definition === 'string' ? { syntax, definition } : null,
  }
}

function readChoice (choice: unknown, path: string): ToolChoice {
  if (choice === 'auto' || choice === 'none' || choice === 'required') return { type: choice }
  if (!isObject(choice)) throw invalid(path, '"none", "auto", "required" or an object')
  if (choice['type'] !== 'allowed_tools') return { type: 'tool', tool: readId(choice, path) }
  const allowed = readObject(choice['allowed_tools'], `${path}.allowed_tools`)
  const tools = readList(allowed, 'tools').map((tool, at) =>
    readId(readObject(tool, `${path}.allowed_tools.tools[${at}]`), `${path}.allowed_tools.tools[${at}]`)
  )
  return { type: 'allowed', mode: allowed['mode'] === 'required' ? 'required' : 'auto', tools }
}

function readId (reference: JsonObject, path: string): ToolId {
  const kind = reference['type'] === 'custom' ? 'custom' : 'function'
  return { name: readName(readObject(reference[kind], `${path}.${kind}`)['name'], `${path}.${kind}.name`),
    namespace: null }
}

function named (name: unknown, path: string): ToolChoice {
  return { type: 'tool', tool: { name: readName(name, path), namespace: null } }
}

function readName (name: unknown, path: string): string {
  if (typeof name !== 'string' || name === '') throw invalid(path, 'the name of a tool')
  return name
}

function isFull (list: unknown): boolean {
  return Array.isArray(list) && list.length > 0
}
