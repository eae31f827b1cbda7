// Fields of a Messages request. Copilot refuses unknown fields: "Extra inputs are not permitted".
import { isObject } from '../json.ts'
import { isGiven, list, mapField, mapSame, text, withFields } from './fields.ts'
import type { Rule } from './rule.ts'

const known = new Set(['model', 'max_tokens', 'stream', 'system', 'messages', 'tools', 'tool_choice', 'thinking',
  'output_config', 'temperature', 'top_p', 'top_k', 'stop_sequences', 'metadata', 'context_management',
  'cache_control'])
/** Left out without a loss: they are read elsewhere, or only the client's SDK uses them. */
const unmissed = new Set(['betas', 'output_format', 'anthropic_version', 'functions', 'parallel_tool_calls'])
const ofTool = new Set(['name', 'description', 'input_schema', 'type', 'cache_control', 'defer_loading'])
const defaultMaxTokens = 8_192

/** Values that have no effect. */
function isNeutral (name: string, value: unknown): boolean {
  if (!isGiven(value) || unmissed.has(name)) return true
  return (name === 'service_tier' && value === 'auto') || (name === 'speed' && value === 'standard')
    || (name === 'mcp_servers' && Array.isArray(value) && value.length === 0)
}

const all: Pick<Rule, 'models' | 'applies' | 'when'> = { models: 'all', applies: () => true, when: 'always' }

export const messagesFields: readonly Rule[] = [{
  ...all,
  id: 'messages-fields',
  what: `Fields at the top that are null, or none of ${
    [...known].map(name => `\`${name}\``).join(', ')
  }, are left out.`,
  fix: 'drop',
  loses: 'small',
  source: { mark: 'live', reference: 'Copilot: "service_tier: Extra inputs are not permitted"' },
  apply (body, { lose }) {
    const gone = Object.keys(body).filter(name => body[name] === null || (body[name] !== undefined && !known.has(name)))
    for (const name of gone) if (!isNeutral(name, body[name])) lose(name.slice(0, 64))
    return withFields(body, Object.fromEntries(gone.map(name => [name, undefined])))
  },
}, {
  ...all,
  id: 'messages-metadata',
  what: '`metadata` holds `user_id` alone.',
  fix: 'drop',
  loses: 'no',
  source: { mark: 'read', reference: 'Anthropic API reference, "metadata"' },
  answers: [/^metadata\.\w+: Extra inputs/],
  apply (body) {
    const { metadata } = body
    if (!isObject(metadata) || Object.keys(metadata).every(name => name === 'user_id')) return body
    return withFields(body, {
      metadata: typeof metadata['user_id'] === 'string' ? { user_id: metadata['user_id'] } : undefined,
    })
  },
}, {
  ...all,
  id: 'messages-max-tokens-missing',
  what: `A request without \`max_tokens\` gets the most that the entry lists, else ${defaultMaxTokens}.`,
  fix: 'rewrite',
  loses: 'no',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
  answers: [/max_tokens: Field required/],
  apply (body, { target: { stream, maxOutputTokens, maxNonStreamingOutputTokens } }) {
    if (typeof body['max_tokens'] === 'number') return body
    return { ...body,
      max_tokens: Math.min(maxOutputTokens ?? defaultMaxTokens,
        stream ? Infinity : maxNonStreamingOutputTokens ?? Infinity) }
  },
}, {
  ...all,
  id: 'messages-output-config',
  what: '`output_config` holds `effort` and `format` alone.',
  fix: 'drop',
  loses: 'small',
  source: { mark: 'guess', reference: 'microsoft/vscode: messagesApi.ts sends nothing else' },
  answers: [/^output_config\.\w+: Extra inputs/],
  apply (body, { lose }) {
    const { output_config: config } = body
    if (!isObject(config)) return body
    const gone = Object.keys(config).filter(name => (name !== 'effort' && name !== 'format') || !isGiven(config[name]))
    if (gone.length === 0 && Object.keys(config).length > 0) return body
    for (const name of gone) if (isGiven(config[name])) lose(`output_config.${name.slice(0, 64)}`)
    const kept = Object.fromEntries(Object.entries(config).filter(([name]) => !gone.includes(name)))
    return withFields(body, { output_config: Object.keys(kept).length === 0 ? undefined : kept })
  },
}, {
  ...all,
  id: 'messages-tool-fields',
  what: `A tool of the client's has ${
    [...ofTool].map(name => `\`${name}\``).join(', ')
  } alone; a tool that the model may not call itself is left out.`,
  fix: 'drop',
  loses: 'small',
  source: { mark: 'live', reference: 'anomalyco/opencode#23193' },
  apply: (body, { lose }) =>
    mapField(body, 'tools', tool => {
      if (isGiven(tool['type']) && tool['type'] !== 'custom') return tool
      const { allowed_callers: callers } = tool
      if (Array.isArray(callers)) lose('tools.allowed_callers')
      if (Array.isArray(callers) && !callers.includes('direct')) return null
      if (Object.entries(tool).every(([name, value]) => ofTool.has(name) && isGiven(value))) return tool
      for (const name of ['strict', 'eager_input_streaming']) if (tool[name] === true) lose(`tools.${name}`)
      return Object.fromEntries(Object.entries(tool).filter(([name, value]) => ofTool.has(name) && isGiven(value)))
    }),
}, {
  ...all,
  id: 'messages-schema-dialect',
  what: "A tool's schema has no `$schema`.",
  fix: 'drop',
  loses: 'no',
  source: { mark: 'read', reference: 'microsoft/vscode: messagesApi.ts' },
  apply: body =>
    mapField(body, 'tools', tool => {
      if (!isObject(tool['input_schema']) || !('$schema' in tool['input_schema'])) return tool
      const { $schema: _dialect, ...schema } = tool['input_schema']
      return { ...tool, input_schema: schema }
    }),
}]

/** Edits that clear thinking need thinking. Copilot offers no compaction. */
export const editKinds: Rule = {
  ...all,
  id: 'messages-context-edits',
  what: 'Of `context_management`, edits that clear tool uses stay, and those that clear thinking where there is some.',
  fix: 'drop',
  loses: 'small',
  source: { mark: 'read', reference: 'microsoft/vscode: anthropic.ts' },
  apply (body, { lose }) {
    const { context_management: given, thinking } = body
    if (!isObject(given)) return body
    const thinks = isObject(thinking) && thinking['type'] !== 'disabled'
    const edits = mapSame(list(given['edits']), edit => {
      const type = isObject(edit) ? text(edit['type']) : ''
      if (type.startsWith('clear_tool_uses_') || (type.startsWith('clear_thinking_') && thinks)) return edit
      if (!type.startsWith('clear_thinking_')) lose('context_management')
      return null
    })
    if (edits.length === 0) return withFields(body, { context_management: undefined })
    return edits === given['edits'] && Object.keys(given).length === 1
      ? body
      : { ...body, context_management: { edits } }
  },
}
