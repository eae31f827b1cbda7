// Classifies Anthropic's tools. Any model can get client-run tools as functions. Server-run tools are unavailable,
// because Copilot runs only tool search. `docs/spec/translation.md#client-tools`,
// `docs/spec/translation.md#server-tools`; `docs/spec/copilot.md#messages-body`.
import type { JsonObject } from '../../json.ts'
import type { WebToolName } from '../contract/search.ts'
import { text } from './wire.ts'

export type ToolKind =
  | { readonly kind: 'custom' }
  /** Defined by Anthropic, run by the client. */
  | { readonly kind: 'client', readonly builtin: string, readonly name: string, readonly description: string,
    readonly schema: JsonObject }
  | { readonly kind: 'search' }
  /** Searches or reads the web on a server. `label`: its type without the date. */
  | { readonly kind: 'web', readonly label: string }
  /** `label` as above. */
  | { readonly kind: 'server', readonly label: string }
  /** Needs a set of actions that only some models were trained on. */
  | { readonly kind: 'trained', readonly label: string }

export function kindOf (tool: JsonObject): ToolKind {
  const type = text(tool['type'])
  const label = type.replace(/_\d{8}$/, '')
  if (type === '' || type === 'custom') return { kind: 'custom' }
  if (type.startsWith('tool_search_tool_')) return { kind: 'search' }
  if (webToolOf(tool) !== null) return { kind: 'web', label }
  if (/^(?:computer|browser)/.test(type)) return { kind: 'trained', label }
  const client = clientTools.find(({ builtin }) => label === builtin)
  if (client === undefined) return { kind: 'server', label }
  const { builtin, name, description, schema } = client
  return { kind: 'client', builtin, name: text(tool['name']) || name, description, schema }
}

/** Matched by its beginning, because new versions have new dates. */
export function webToolOf (tool: JsonObject): WebToolName | null {
  return /^(web_search|web_fetch)(?:_|$)/.exec(text(tool['type']))?.[1] as WebToolName | undefined ?? null
}

const string = (description: string): JsonObject => ({ type: 'string', description })
const integer = (description: string): JsonObject => ({ type: 'integer', description })
const object = (properties: JsonObject, required: readonly string[]): JsonObject => ({ type: 'object', properties,
  ...(required.length > 0 ? { required } : {}) })

const edits = {
  path: string('Path of the file or directory.'),
  file_text: string('For create: the content of the new file.'),
  old_str: string('For str_replace: the text to replace, which must occur exactly once.'),
  new_str: string('For str_replace: the text in its place.'),
  insert_line: integer('For insert: the line after which to insert; 0 for the beginning.'),
  insert_text: string('For insert: the text to insert.'),
  view_range: { type: 'array', items: { type: 'integer' },
    description: 'For view: first and last line, counted from 1; -1 for the end.' },
}

const clientTools = [{
  builtin: 'bash',
  name: 'bash',
  description:
    'Runs a command in a persistent bash session. Give `command`, or `restart: true` to begin a new session.',
  schema: object({ command: string('The command to run.'),
    restart: { type: 'boolean', description: 'Begins a new session.' } }, []),
}, {
  builtin: 'text_editor',
  name: 'str_replace_based_edit_tool',
  description: 'Views, creates and edits text files.',
  schema: object({ command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert'] }, ...edits }, [
    'command',
    'path',
  ]),
}, {
  builtin: 'memory',
  name: 'memory',
  description: 'Keeps notes in files below /memories, across conversations. Look there before starting a task.',
  schema: object({
    command: { type: 'string', enum: ['view', 'create', 'str_replace', 'insert', 'delete', 'rename'] },
    ...edits,
    old_path: string('For rename: the present path.'),
    new_path: string('For rename: the new path.'),
  }, ['command']),
}]

/** A schema that upstream accepts: an object's, without `$schema`. */
export function fitSchema (schema: unknown): JsonObject {
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) return { type: 'object', properties: {} }
  const { $schema: _dialect, ...rest } = schema as JsonObject
  if (rest['type'] === 'object') return rest
  const { type, ...more } = rest
  return type === undefined || (Array.isArray(type) && type.includes('object')) ? { type: 'object', ...more } : rest
}
