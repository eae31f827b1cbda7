// Decodes the tools of a Responses request: functions, free-text tools, namespaces of both, client-run tools of OpenAI,
// and those that only OpenAI's servers run. `docs/spec/translation.md#responses-tools`,
// `docs/spec/translation.md#function-tools`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, stepSize, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Tool, ToolChoice, ToolId } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import { builtinFunctions } from '../wire-builtins.ts'
import { isBuiltinType, isCallable, isServerTool, isWebSearch, type BuiltinType } from '../wire-tool-kinds.ts'
import { fields, isGiven, list, objects, text } from '../wire.ts'

/**
 * @param given the request's `tools` and those that its items add, in order: of two with the same name, the later
 * counts
 * @param loaded names that a tool search has already found
 */
export function* decodeTools (
  given: readonly JsonObject[],
  loaded: ReadonlySet<string>,
  ledger: Ledger,
): Steps<readonly Tool[]> {
  const hasSearch = given.some(tool => tool['type'] === 'tool_search' && !isServerTool(tool))
  const tools = new Map<string, Tool>()
  const add = (tool: Tool): void => {
    tools.set(JSON.stringify([tool.namespace, tool.name]), tool)
  }
  const read = (tool: JsonObject, namespace: string | null): void => {
    const isHidden = hasSearch && tool['defer_loading'] === true && !loaded.has(text(tool['name']))
    const decoded = isHidden ? null : decodeTool(tool, namespace, ledger)
    if (decoded !== null) add(decoded)
  }
  let count = 0
  for (const tool of given) {
    if (++count % stepSize === 0) yield
    if (tool['type'] === 'namespace') {
      for (const inner of objects(tool['tools'])) {
        if (++count % stepSize === 0) yield
        read(tool['defer_loading'] === true ? { ...inner, defer_loading: true } : inner, text(tool['name']) || null)
      }
    } else if (isServerTool(tool)) ledger.lose(`tools.${text(tool['type'])}`)
    else if (!isWebSearch(text(tool['type']))) read(tool, null) // decode-web-tools.ts reads a web search
  }
  const refused = given.find(tool => isServerTool(tool) && tool['type'] !== 'tool_search')
  if (refused !== undefined && tools.size === 0) ledger.refuse('tools', `The tool ${text(refused['type'])}`)
  return [...tools.values()]
}

function decodeTool (tool: JsonObject, namespace: string | null, ledger: Ledger): Tool | null {
  const type = text(tool['type'])
  if (isBuiltinType(type)) return builtin(type, tool)
  if (!isCallable(tool)) {
    ledger.lose('tools.allowed_callers')
    return null
  }
  for (const field of ['output_schema', 'async']) {
    if (isGiven(tool[field]) && tool[field] !== false) ledger.lose(`tools.${field}`)
  }
  // Some clients nest the definition as in Chat.
  const { name, description, parameters, strict, format } = isObject(tool['function']) && tool['name'] === undefined
    ? tool['function']
    : tool
  if (text(name) === '') return null
  const common = { name: text(name), namespace, builtin: null,
    description: typeof description === 'string' ? description : null, cache: false }
  if (type === 'custom') return { ...common, kind: 'custom', schema: null, strict: null, grammar: grammarOf(format) }
  const schema = isObject(parameters) ? parameters : null
  // The API treats a missing `strict` as true, and falls back if the schema does not allow it.
  return { ...common, kind: 'function', schema,
    strict: typeof strict === 'boolean' ? strict : isStrictSchema(schema) ? true : null, grammar: null }
}

function builtin (type: BuiltinType, tool: JsonObject): Tool {
  const { description, schema } = builtinFunctions[type]
  const own = type === 'tool_search'
  return {
    name: type,
    namespace: null,
    kind: 'function',
    builtin: type,
    strict: null,
    grammar: null,
    cache: false,
    description: own && typeof tool['description'] === 'string' ? tool['description'] : description,
    schema: own && isObject(tool['parameters']) ? tool['parameters'] : schema,
  }
}

function grammarOf (format: unknown): Tool['grammar'] {
  const { type, syntax, definition } = fields(format)
  return type === 'grammar' && typeof definition === 'string' ? { syntax: text(syntax) || 'lark', definition } : null
}

/** Null if not set. @throws {GatewayError} for a tool that cannot run here */
export function* decodeToolChoice (value: unknown, tools: readonly Tool[], ledger: Ledger): Steps<ToolChoice | null> {
  if (value === 'auto' || value === 'none' || value === 'required') return { type: value }
  if (!isObject(value)) return null
  const type = text(value['type'])
  const find = yield* createFinder(tools)
  if (type === 'allowed_tools') {
    // Chat's form is one level deeper.
    const { mode, tools: allowed } = isObject(value['allowed_tools']) ? value['allowed_tools'] : value
    return { type: 'allowed', mode: mode === 'required' ? 'required' : 'auto',
      tools: (yield* mapInSteps(yield* distinct(objects(allowed)), find)).flat() }
  }
  if (type === 'auto' || type === 'none' || type === 'required') return { type }
  if (type !== 'function' && type !== 'custom' && !isBuiltinType(type)) {
    ledger.refuse('tool_choice', `Choosing the tool ${type || 'without a type'}`)
  }
  const [tool] = find(value)
  return tool === undefined ? null : { type: 'tool', tool }
}

/** Removes duplicate references: one to a namespace means all of its tools, and may occur thousands of times. */
function* distinct (references: readonly JsonObject[]): Steps<readonly JsonObject[]> {
  const keyed = yield* mapInSteps(references,
    each =>
      [JSON.stringify([each['type'], each['namespace'], each['name'], fields(each['function'])['name']]),
        each] as const)
  return [...new Map(keyed).values()]
}

/** Finds the tools of a reference: a namespace means all of its tools. */
function* createFinder (tools: readonly Tool[]): Steps<(reference: JsonObject) => readonly ToolId[]> {
  const byId = new Map<string, ToolId>()
  const byName = new Map<string, ToolId>()
  const inNamespace = Map.groupBy(tools, tool => tool.namespace)
  yield
  for (const [at, { name, namespace }] of tools.entries()) {
    if (at % stepSize === stepSize - 1) yield
    byId.set(JSON.stringify([namespace, name]), { name, namespace })
    if (!byName.has(name)) byName.set(name, { name, namespace })
    // Clients also join the two with a dot, or use the flat name that the model sees.
    if (namespace !== null) {
      for (const joined of [`${namespace}.${name}`, `${namespace}__${name}`, `${namespace}${name}`]) {
        if (!byName.has(joined)) byName.set(joined, { name, namespace })
      }
    }
  }
  return reference => {
    const type = text(reference['type'])
    if (type === 'namespace') {
      return (inNamespace.get(text(reference['name'])) ?? []).map(({ name, namespace }) => ({ name, namespace }))
    }
    const name = isBuiltinType(type) ? type : text(reference['name']) || text(fields(reference['function'])['name'])
    if (name === '' || isServerTool(reference) || isWebSearch(type)) return []
    const namespace = typeof reference['namespace'] === 'string' ? reference['namespace'] : null
    return [
      byId.get(JSON.stringify([namespace, name])) ?? (namespace === null ? byName.get(name) : undefined)
        ?? { name, namespace },
    ]
  }
}

/** The names that a tool search has found so far. */
export function loadedNames (items: readonly JsonObject[]): ReadonlySet<string> {
  const names = new Set<string>()
  for (const item of items.filter(({ type }) => type === 'tool_search_output')) {
    for (const tool of objects(item['tools'])) {
      for (const named of [tool, ...objects(tool['tools'])]) {
        if (typeof named['name'] === 'string') names.add(named['name'])
      }
    }
  }
  return names
}

/** Whether a forced choice names a server-run tool. */
export function isForcedServerTool (choice: unknown): boolean {
  const type = text(fields(choice)['type'])
  return isServerTool(fields(choice)) && !['allowed_tools', 'auto', 'none', 'required'].includes(type)
}

/** The tools in a `tool_search_output` count as loaded. */
export function foundTools (item: JsonObject): readonly JsonObject[] {
  return list(item['tools']).filter(isObject).map(tool => ({ ...tool, defer_loading: false }))
}
