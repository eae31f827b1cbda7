// A schema for the answer, for Claude models without structured outputs: the model must call a tool with that schema,
// and the gateway returns the arguments as the answer's text. If the request has tools or thinks, a tool cannot be
// forced: see `output-words.ts`.
import type { Target } from '../dialects/contract/dialect.ts'
import { isObject, type JsonObject } from '../json.ts'
import { list, objects, withFields } from './fields.ts'
import { isClaude } from './model-facts.ts'
import type { Rule } from './rule.ts'

const answerTool = 'structured_answer'
const description = 'Gives the answer. Its arguments are the whole of it.'

const applies = (target: Target): boolean =>
  isClaude(target) && !target.supports.structuredOutputs && target.supports.tools
const row: Pick<Rule, 'models' | 'applies' | 'fix' | 'loses' | 'when' | 'source'> = {
  models: 'Claude without `structured_outputs` in its entry',
  applies,
  fix: 'rewrite',
  loses: 'no',
  when: 'always',
  source: { mark: 'guess', reference: 'Anthropic documentation, "Structured outputs" and "Tool use": a forced tool' },
}

/** Arguments are an object, so the answer must be one too. */
function schemaOf (format: unknown, inner: unknown): JsonObject | null {
  return isObject(format) && format['type'] === 'json_schema' && isObject(inner)
      && (inner['type'] === 'object' || isObject(inner['properties']))
    ? inner
    : null
}

/** Calls in the history need their own tools, and then no tool may be forced. */
function isFree (
  { tools, functions, messages, thinking, thinking_budget: budget, reasoning_effort: effort }: JsonObject,
): boolean {
  const thinks = (isObject(thinking) && thinking['type'] !== 'disabled') || typeof budget === 'number'
    || (typeof effort === 'string' && effort !== 'none')
  const calls = (message: JsonObject): boolean =>
    list(message['tool_calls']).length > 0
    || objects(message['content']).some(({ type }) => type === 'tool_use' || type === 'tool_result')
  return !thinks && list(tools).length === 0 && list(functions).length === 0 && !objects(messages).some(calls)
}

export const chatOutputTool: Rule = {
  ...row,
  id: 'chat-output-tool',
  what: 'A schema for the answer becomes a forced tool, whose arguments are given as the answer.',
  apply (body, { answerWith }) {
    const { response_format: format } = body
    const schema = isObject(format)
      ? schemaOf(format, isObject(format['json_schema']) ? format['json_schema']['schema'] : undefined)
      : null
    if (schema === null || !isFree(body)) return body
    answerWith(answerTool)
    return withFields(body, {
      response_format: undefined,
      tools: [{ type: 'function', function: { name: answerTool, description, parameters: schema } }],
      tool_choice: { type: 'function', function: { name: answerTool } },
    })
  },
}

export const messagesOutputTool: Rule = {
  ...row,
  id: 'messages-output-tool',
  what: '`output_config.format` becomes a forced tool, whose arguments are given as the answer.',
  apply (body, { answerWith }) {
    const { output_config: config } = body
    const { format, ...rest } = isObject(config) ? config : {}
    const schema = isObject(format) ? schemaOf(format, format['schema']) : null
    if (schema === null || !isFree(body)) return body
    answerWith(answerTool)
    return withFields(body, {
      output_config: Object.keys(rest).length === 0 ? undefined : rest,
      tools: [{ name: answerTool, description, input_schema: schema }],
      tool_choice: { type: 'tool', name: answerTool },
    })
  },
}
