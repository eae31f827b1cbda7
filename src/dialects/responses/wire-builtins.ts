// OpenAI's client-run tools as functions for any upstream, and their calls in the vendor's form.
// `docs/spec/translation.md#client-tools`.
import type { JsonObject } from '../../json.ts'
import type { BuiltinFields } from './wire-answer.ts'
import type { BuiltinType } from './wire-tool-kinds.ts'
import { fields, isGiven, list, objects, parseObject, text, withoutNulls } from './wire.ts'

const string = { type: 'string' }
const integer = { type: 'integer' }
const strings = { type: 'array', items: string }

/** The description and schema of the function for each tool. `tool_search` brings its own. */
export const builtinFunctions: Readonly<
  Record<BuiltinType, { readonly description: string, readonly schema: JsonObject }>
> = {
  local_shell: {
    description: "Runs a command on the user's machine and gives back its output.",
    schema: { type: 'object',
      properties: { command: { ...strings, description: 'The command and its arguments.' }, workdir: string,
        timeout_ms: integer, env: { type: 'object', additionalProperties: string }, user: string },
      required: ['command'] },
  },
  shell: {
    description: 'Runs shell commands one after another and gives back their output.',
    schema: { type: 'object', properties: { commands: strings, timeout_ms: integer, max_output_length: integer },
      required: ['commands'] },
  },
  apply_patch: {
    description:
      'Creates, changes or deletes a file. `diff` is in the V4A format: lines with "+", "-" or " " in front, '
      + 'sections begun with "@@".',
    schema: {
      type: 'object',
      properties: {
        operation: { type: 'object',
          properties: { type: { type: 'string', enum: ['create_file', 'update_file', 'delete_file'] }, path: string,
            diff: { type: 'string', description: 'Left out when a file is deleted.' } }, required: ['type', 'path'] },
      },
      required: ['operation'],
    },
  },
  tool_search: {
    description: 'Finds tools that are not loaded yet.',
    schema: { type: 'object', properties: { query: string }, required: ['query'] },
  },
}

/**
 * The function's arguments for a call in the vendor's form. Object keys have a fixed order, because the history is a
 * cache key.
 */
export function readBuiltinCall (type: BuiltinType, item: JsonObject): string {
  switch (type) {
    case 'local_shell': {
      const { command, env, timeout_ms: timeout, user, working_directory: workdir } = fields(item['action'])
      return JSON.stringify(
        withoutNulls({ command: command ?? [], workdir: workdir ?? null, timeout_ms: timeout ?? null, env: env ?? null,
          user: user ?? null }),
      )
    }
    case 'shell': {
      const { commands, timeout_ms: timeout, max_output_length: length } = fields(item['action'])
      return JSON.stringify(
        withoutNulls({ commands: commands ?? [], timeout_ms: timeout ?? null, max_output_length: length ?? null }),
      )
    }
    case 'apply_patch':
      return JSON.stringify({ operation: item['operation'] ?? {} })
    case 'tool_search':
      return typeof item['arguments'] === 'string' ? item['arguments'] : JSON.stringify(item['arguments'] ?? {})
  }
}

/** The tool's output as text. */
export function readBuiltinOutput (
  type: BuiltinType,
  item: JsonObject,
): { readonly text: string, readonly isError: boolean | null } {
  const { output } = item
  switch (type) {
    case 'shell':
      return { text: typeof output === 'string' ? output : objects(output).map(shellText).join('\n'), isError: null }
    case 'apply_patch':
      return { text: text(output) || text(item['status']), isError: item['status'] === 'failed' ? true : null }
    case 'local_shell':
    case 'tool_search':
      return { text: typeof output === 'string' ? output : isGiven(output) ? JSON.stringify(output) : '',
        isError: null }
  }
}

function shellText ({ stdout, stderr, outcome }: JsonObject): string {
  const { type, exit_code: code } = fields(outcome)
  const end = type === 'timeout' ? '[timed out]' : typeof code === 'number' && code !== 0 ? `[exit code ${code}]` : ''
  return [text(stdout), text(stderr), end].filter(piece => piece !== '').join('\n')
}

/** The fields of a call in the vendor's form, or null if the arguments lack a required value. */
export function writeBuiltinCall (
  type: string,
  json: string,
): { readonly prefix: string, readonly fields: BuiltinFields } | null {
  const input = parseObject(json.trim() === '' ? '{}' : json)
  if (input === null) return null
  const number = (name: string) => typeof input[name] === 'number' ? input[name] : null
  switch (type) {
    case 'local_shell': {
      const { command, env, workdir, user } = input
      const words = typeof command === 'string' ? ['bash', '-lc', command] : allStrings(command)
      if (words === null || words.length === 0) return null
      const action = withoutNulls({ type: 'exec', command: words, env: stringsOf(env), timeout_ms: number('timeout_ms'),
        user: text(user) || null, working_directory: text(workdir) || null })
      return { prefix: 'lsh', fields: { type: 'local_shell_call', action } }
    }
    case 'shell': {
      const commands = typeof input['commands'] === 'string' ? [input['commands']] : allStrings(input['commands'])
      if (commands === null) return null
      return { prefix: 'sh',
        fields: { type: 'shell_call',
          action: { commands, timeout_ms: number('timeout_ms'), max_output_length: number('max_output_length') },
          environment: null } }
    }
    case 'apply_patch': {
      const { type: kind, path, diff } = fields(input['operation'])
      if (typeof path !== 'string' || !['create_file', 'update_file', 'delete_file'].includes(text(kind))) return null
      return { prefix: 'apc',
        fields: { type: 'apply_patch_call',
          operation: kind === 'delete_file' ? { type: kind, path } : { type: kind, path, diff: text(diff) } } }
    }
    case 'tool_search':
      return { prefix: 'tsc', fields: { type: 'tool_search_call', execution: 'client', arguments: input } }
    default:
      return null
  }
}

function allStrings (value: unknown): string[] | null {
  return Array.isArray(value) && value.every(word => typeof word === 'string') ? value : null
}

function stringsOf (value: unknown): JsonObject {
  return Object.fromEntries(Object.entries(fields(value)).filter(([, word]) => typeof word === 'string'))
}

/** The names in a `tool_search_output`, for models that only read text. */
export function toolNamesText (tools: unknown): string {
  const names = list(tools).map(tool => text(fields(tool)['name'])).filter(name => name !== '')
  return names.length === 0 ? 'No tools found.' : `Tools now available: ${names.join(', ')}`
}
