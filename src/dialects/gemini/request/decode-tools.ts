// Decodes function declarations and how the model may call them. `docs/spec/gemini.md#tools`.
import { isObject, type JsonObject } from '../../../json.ts'
import { mapInSteps, type Steps } from '../../../steps.ts'
import type { Ledger } from '../../contract/ledger.ts'
import type { Prompt, Tool, ToolChoice } from '../../contract/prompt.ts'
import { isStrictSchema } from '../../shared/strict-schema.ts'
import { camelOf, fieldsOf, given, mustBe, list, objectsOf, text } from '../wire.ts'
import { toJsonSchema } from './decode-schema.ts'
import { decodeWebTools, isSearch } from './decode-web-tools.ts'

type Decoded = Pick<Prompt, 'tools' | 'toolChoice' | 'parallelToolCalls' | 'webTools'>

/** @throws {GatewayError} */
export function* decodeTools (body: JsonObject, ledger: Ledger): Steps<Decoded> {
  const groups = objectsOf(body['tools'])
  const declared = groups.flatMap(group => objectsOf(given(group, 'functionDeclarations')))
  const webTools = decodeWebTools(body)
  dropServerTools(groups, declared.length > 0 || webTools !== null, ledger)
  const { mode, names } = readConfig(body)
  const tools = yield* mapInSteps(declared, (tool, at) => toTool(tool, at, mode === 'VALIDATED', ledger))
  const known = new Set(tools.map(tool => tool.name))
  for (const name of names) {
    if (!known.has(name)) throw mustBe('toolConfig.functionCallingConfig.allowedFunctionNames', 'declared functions')
  }
  return { tools, webTools, toolChoice: tools.length === 0 ? null : choiceOf(mode, names), parallelToolCalls: null }
}

/**
 * Tools that Google's servers run. A request for nothing else fails, so that a client does not take an answer without a
 * search for one with it.
 */
function dropServerTools (groups: readonly JsonObject[], hasFunctions: boolean, ledger: Ledger): void {
  for (const group of groups) {
    for (const [name, value] of Object.entries(group)) {
      const camel = camelOf(name)
      if (camel === 'functionDeclarations' || isSearch(name) || value === null || value === undefined) continue
      const tool = /^[A-Za-z0-9]{1,64}$/.test(camel) ? camel : 'unknown'
      if (!hasFunctions) ledger.refuse('tools', `The tool \`${tool}\``)
      ledger.lose(`tools.${tool}`)
    }
  }
}

function toTool (declared: JsonObject, at: number, isValidated: boolean, ledger: Ledger): Tool {
  const path = `tools.functionDeclarations[${at}]`
  const name = text(declared['name'])
  if (name === '') throw mustBe(`${path}.name`, 'the name of a function')
  const { parameters } = declared
  const json = given(declared, 'parametersJsonSchema')
  if (isObject(parameters) && isObject(json)) throw mustBe(path, 'with one of parameters and parametersJsonSchema')
  if (given(declared, 'response') !== undefined || given(declared, 'responseJsonSchema') !== undefined) {
    ledger.lose('tools.response')
  }
  const own = isObject(json) ? json : isObject(parameters) ? parameters : null
  const schema = own === null ? { type: 'object', properties: {} } : toJsonSchema(own)
  return {
    name,
    namespace: null,
    kind: 'function',
    builtin: null,
    description: typeof declared['description'] === 'string' ? declared['description'] : null,
    schema,
    strict: isValidated && isStrictSchema(schema) ? true : null,
    grammar: null,
    cache: false,
  }
}

function readConfig (body: JsonObject): { readonly mode: string, readonly names: readonly string[] } {
  const config = fieldsOf(fieldsOf(body, 'toolConfig'), 'functionCallingConfig')
  return { mode: text(config['mode']).toUpperCase(),
    names: list(given(config, 'allowedFunctionNames')).filter(name => typeof name === 'string') }
}

function choiceOf (mode: string, names: readonly string[]): ToolChoice | null {
  const tools = names.map(name => ({ name, namespace: null }))
  const [only] = tools
  switch (mode) {
    case 'NONE':
      return { type: 'none' }
    case 'ANY':
      if (only === undefined) return { type: 'required' }
      return tools.length === 1 ? { type: 'tool', tool: only } : { type: 'allowed', mode: 'required', tools }
    case 'VALIDATED':
      return only === undefined ? { type: 'auto' } : { type: 'allowed', mode: 'auto', tools }
    default:
      return null
  }
}
