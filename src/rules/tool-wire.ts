// The location of tools, their names, their schemas and the ids of their calls for each endpoint, so that a rule for
// all three is written once.
import { isObject, type JsonObject } from '../json.ts'
import { thenInSteps, type MaybeSteps } from '../steps.ts'
import { mapField, mapFieldInSteps, mapInner, mapSame, text } from './fields.ts'
import type { Endpoint } from './rule.ts'

type Map<T> = (value: T) => T

export interface ToolWire {
  readonly schemaField:
    | 'parameters'
    | 'input_schema'
  /** Each function of the request, as the object that contains its name and its schema. */
  readonly functions: (body: JsonObject, fit: Map<JsonObject>) => MaybeSteps<JsonObject>
  /** Each name of a tool: in `tools`, in the choice, and in the history. */
  readonly names: (body: JsonObject, fit: Map<string>) => MaybeSteps<JsonObject>
  /** Each id, in order: that of a call, then that of its result. */
  readonly ids: (body: JsonObject, call: Map<string>, result: Map<string>) => MaybeSteps<JsonObject>
}

/** Each change gets what the one before it made. */
const inOrder = (
  body: JsonObject,
  changes: ReadonlyArray<(body: JsonObject) => MaybeSteps<JsonObject>>,
): MaybeSteps<JsonObject> =>
  changes.reduce<MaybeSteps<JsonObject>>((fitted, change) => thenInSteps(fitted, change), body)

const string = (object: JsonObject, field: string, fit: Map<string>): JsonObject => {
  const value = object[field]
  if (typeof value !== 'string') return object
  const fitted = fit(value)
  return fitted === value ? object : { ...object, [field]: fitted }
}
const inside = (object: JsonObject, field: string, fit: Map<JsonObject>): JsonObject => {
  const value = object[field]
  if (!isObject(value)) return object
  const fitted = fit(value)
  return fitted === value ? object : { ...object, [field]: fitted }
}
const named = (object: JsonObject, fit: Map<string>): JsonObject => string(object, 'name', fit)
/** A Chat tool, call or choice has its name in `function` or `custom`. */
const chatNamed = (object: JsonObject, fit: Map<string>): JsonObject =>
  inside(inside(object, 'function', inner => named(inner, fit)), 'custom', inner => named(inner, fit))
/** The older form: `functions`, one call in a message, and its result in a message of the role `function`. */
const legacyCall = (object: JsonObject, fit: Map<string>): JsonObject =>
  inside(object, 'function_call', call => named(call, fit))
const legacyMessage = (message: JsonObject, fit: Map<string>): JsonObject =>
  message['role'] === 'function' ? named(message, fit) : legacyCall(message, fit)

const chat: ToolWire = {
  schemaField: 'parameters',
  functions: (body, fit) =>
    thenInSteps(mapFieldInSteps(body, 'tools', tool => inside(tool, 'function', fit), 1), fitted =>
      mapFieldInSteps(fitted, 'functions', fit, 1)),
  names: (body, fit) =>
    inOrder(body, [fitted => mapFieldInSteps(fitted, 'tools', tool => chatNamed(tool, fit)), fitted =>
      mapFieldInSteps(fitted, 'functions', tool => named(tool, fit)), fitted =>
      mapFieldInSteps(fitted, 'messages', message =>
        mapInner(message, 'tool_calls', call => chatNamed(call, fit))), fitted =>
      mapFieldInSteps(fitted, 'messages', message => legacyMessage(message, fit)), fitted =>
      inside(fitted, 'tool_choice', choice =>
        inside(chatNamed(choice, fit), 'allowed_tools', allowed =>
          mapField(allowed, 'tools', tool =>
            chatNamed(tool, fit)))), fitted =>
      legacyCall(fitted, fit)]),
  ids: (body, call, result) =>
    mapFieldInSteps(body, 'messages', message =>
      message['role'] === 'tool'
        ? string(message, 'tool_call_id', result)
        : mapInner(message, 'tool_calls', each =>
          string(each, 'id', call))),
}

const isResponsesTool = ({ type }: JsonObject): boolean => type === 'function' || type === 'custom'
const isResponsesCall = ({ type }: JsonObject): boolean => type === 'function_call' || type === 'custom_tool_call'
const isResponsesResult = ({ type }: JsonObject): boolean =>
  type === 'function_call_output' || type === 'custom_tool_call_output'

const responses: ToolWire = {
  schemaField: 'parameters',
  functions: (body, fit) => mapFieldInSteps(body, 'tools', tool => tool['type'] === 'function' ? fit(tool) : tool, 1),
  names: (body, fit) =>
    inOrder(body, [fitted => mapFieldInSteps(fitted, 'tools', tool => isResponsesTool(tool) ? named(tool, fit) : tool),
      fitted => mapFieldInSteps(fitted, 'input', item => isResponsesCall(item) ? named(item, fit) : item), fitted =>
      inside(fitted, 'tool_choice', choice =>
        mapField(isResponsesTool(choice) ? named(choice, fit) : choice, 'tools', tool =>
          isResponsesTool(tool) ? named(tool, fit) : tool))]),
  ids: (body, call, result) =>
    mapFieldInSteps(body, 'input', item =>
      isResponsesCall(item)
        ? string(item, 'call_id', call)
        : isResponsesResult(item)
        ? string(item, 'call_id', result)
        : item),
}

/** A result's content may refer to tools by name. */
const messagesBlock = (block: JsonObject, fit: Map<string>): JsonObject => {
  if (block['type'] === 'tool_use') return named(block, fit)
  if (block['type'] === 'tool_reference') return string(block, 'tool_name', fit)
  return block['type'] === 'tool_result'
    ? mapField(block, 'content', inner => inner['type'] === 'tool_reference' ? string(inner, 'tool_name', fit) : inner)
    : block
}

const messages: ToolWire = {
  schemaField: 'input_schema',
  functions: (body, fit) =>
    mapFieldInSteps(body, 'tools', tool => tool['type'] === undefined || tool['type'] === 'custom' ? fit(tool) : tool,
      1),
  names: (body, fit) =>
    inOrder(body, [
      fitted =>
        mapFieldInSteps(fitted, 'tools', tool =>
          tool['type'] === undefined || tool['type'] === 'custom' ? named(tool, fit) : tool),
      fitted =>
        mapFieldInSteps(fitted, 'messages', message =>
          mapInner(message, 'content', block => messagesBlock(block, fit))),
      fitted => inside(fitted, 'tool_choice', choice => named(choice, fit)),
    ]),
  ids: (body, call, result) =>
    mapFieldInSteps(body, 'messages', message =>
      mapInner(message, 'content', block =>
        block['type'] === 'tool_use'
          ? string(block, 'id', call)
          : block['type'] === 'tool_result'
          ? string(block, 'tool_use_id', result)
          : block)),
}

export const toolWires: Readonly<Record<Endpoint, ToolWire>> = { '/chat/completions': chat, '/responses': responses,
  '/v1/messages': messages }

/** The name of a tool, or of the tool that a choice names; empty if there is none. */
export function toolName (holder: JsonObject): string {
  const { function: inner, custom } = holder
  return text(
    (isObject(inner) ? inner['name'] : undefined) ?? (isObject(custom) ? custom['name'] : undefined) ?? holder['name'],
  )
}

/** Of several tools with the same name, only the last definition counts: Copilot refuses duplicates. */
export function lastOfEachName (body: JsonObject): JsonObject {
  const tools = body['tools']
  if (!Array.isArray(tools)) return body
  const last = new globalThis.Map<string, unknown>()
  for (const tool of tools as unknown[]) if (isObject(tool) && toolName(tool) !== '') last.set(toolName(tool), tool)
  const kept = mapSame(tools as readonly unknown[],
    tool => isObject(tool) && toolName(tool) !== '' && last.get(toolName(tool)) !== tool ? null : tool)
  return kept === tools ? body : { ...body, tools: kept }
}
