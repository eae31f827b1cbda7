// Thinking on the messages endpoint: the kind that a model has, what it excludes, and blocks of earlier turns.
import { fields, text } from '../json.ts'
import { isAdaptiveOnly, isClaude } from './kinds.ts'
import { messagesOf, placedBlocks } from './places.ts'
import { firstOf } from './rule.ts'
import { blocksOf } from '../ask-messages.ts'
import type { Rule, Seen } from './rule.ts'

const enabled = '"thinking.type.enabled" is not supported for this model. Use "thinking.type.adaptive" and '
  + '"output_config.effort" to control thinking behavior.'
const mustStart =
  'When `thinking` is enabled, a final `assistant` message must start with a thinking block (preceeding the '
  + 'lastmost set of `tool_use` and `tool_result` blocks). '
  + 'We recommend you include thinking blocks from previous turns. To avoid this requirement, disable `thinking`.'
const kindOf = ({ body }: Seen): string => text(fields(body.thinking).type)

export const thinkingRules: readonly Rule[] = [{ id: 'thinking-enabled', on: ['messages'], mark: 'live',
  source: 'vscode#312667, pi#3292', by: 'thinkingEnabled', envelope: 'provider', models: isAdaptiveOnly,
  check: seen => kindOf(seen) === 'enabled' ? enabled : null }, { id: 'thinking-adaptive', on: ['messages'],
  mark: 'read', source: 'messagesApi.ts', by: 'messagesThinking', envelope: 'flat',
  models: ({ capabilities: { supports } }) => supports.adaptive_thinking !== true,
  check: seen => kindOf(seen) === 'adaptive' ? 'adaptive thinking is not supported on this model' : null }, {
  id: 'thinking-forced',
  on: ['messages'],
  mark: 'live',
  source: 'copilot-api#118',
  by: 'messagesThinking',
  envelope: 'provider',
  check: seen =>
    ['enabled', 'adaptive'].includes(kindOf(seen)) && ['any', 'tool'].includes(text(fields(seen.body.tool_choice).type))
      ? 'Thinking may not be enabled when tool_choice forces tool use.'
      : null,
}, { id: 'thinking-first', on: ['messages'], mark: 'live', source: 'opencode#2305', by: 'thinkingFirst',
  envelope: 'wrapped', models: model => isClaude(model) && !isAdaptiveOnly(model), check: first }, {
  id: 'thinking-empty',
  on: ['messages'],
  mark: 'live',
  source: 'copilot-api#54',
  by: 'thinkingEmpty',
  envelope: 'wrapped',
  models: isClaude,
  check: seen =>
    firstOf(placedBlocks(seen), ({ block, turn, index }) =>
      block.type === 'thinking' && text(block.thinking) === '' && text(block.signature) === ''
        ? `messages.${turn}.content.${index}.thinking: each thinking block must contain thinking`
        : null),
}, { id: 'thinking-signature', on: ['messages'], mark: 'live', source: 'docs/spec/copilot.md#messages-thinking',
  by: 'reasoningOrigin', envelope: 'flat', check: signature }, { id: 'redacted-data', on: ['messages'], mark: 'read',
  source: 'messagesApi.ts', by: 'redactedData', envelope: 'flat',
  check: seen =>
    firstOf(placedBlocks(seen), ({ block, turn, index }) =>
      block.type === 'redacted_thinking' && seen.world.memory.issued.has(text(block.data))
        ? `messages.${turn}.content.${index}: Invalid 'data' in 'redacted_thinking' block`
        : null) }]

/** With thinking on, a turn that waits for its tool results must begin with thinking. */
function first (seen: Seen): string | null {
  const messages = messagesOf(seen)
  if (kindOf(seen) !== 'enabled' || !blocksOf(messages.at(-1)?.content).some(({ type }) => type === 'tool_result')) {
    return null
  }
  const turn = messages.findLastIndex(({ role }) => role === 'assistant')
  const found = text(blocksOf(messages[turn]?.content)[0]?.type)
  return turn < 0 || ['thinking', 'redacted_thinking'].includes(found)
    ? null
    : `messages.${turn}.content.0.type: Expected \`thinking\` or \`redacted_thinking\`, but found \`${found}\`. `
      + `${mustStart}`
}

/** A signature belongs to its text: both must come back unchanged. */
function signature (seen: Seen): string | null {
  return firstOf(placedBlocks(seen), ({ block, turn, index }) => {
    if (block.type !== 'thinking') return null
    const issued = seen.world.memory.issued.get(text(block.signature))
    return issued?.text === text(block.thinking)
      ? null
      : `messages.${turn}.content.${index}: Invalid \`signature\` in \`thinking\` block`
  })
}
