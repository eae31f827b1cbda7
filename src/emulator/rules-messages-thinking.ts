// Thinking on POST /v1/messages: budgets, what it forbids, and blocks of the past that must be this provider's own.
import { blocksOf } from './ask-messages.ts'
import { fields, list, text } from './json.ts'
import type { Ask } from './ask.ts'
import type { Fields } from './json.ts'
import type { World } from './world.ts'

export function checkThinking (world: World, ask: Ask, body: Fields): string | null {
  return (world.strict.messagesThinking ? checkRequest(ask, body) : null) ?? (world.strict.reasoningOrigin ? checkHistory(world, body) : null)
}

function checkRequest ({ model: { capabilities: { supports } } }: Ask, body: Fields): string | null {
  const thinking = fields(body.thinking)
  const effort = fields(body.output_config).effort
  if (effort !== undefined && !(supports.reasoning_effort ?? []).includes(text(effort))) return `output_config.effort: '${text(effort)}' is not supported by this model`
  if (thinking.type === 'adaptive' && supports.adaptive_thinking !== true) return 'adaptive thinking is not supported on this model'
  if (thinking.type === 'enabled') {
    const budget = typeof thinking.budget_tokens === 'number' ? thinking.budget_tokens : NaN
    const { min_thinking_budget: least = 1024, max_thinking_budget: most = 0 } = supports
    if (!(budget >= least)) return `thinking.budget_tokens: Input should be greater than or equal to ${least}`
    if (budget > most) return `thinking.budget_tokens: Input should be less than or equal to ${most}`
    if (budget >= Number(body.max_tokens)) return '`max_tokens` must be greater than `thinking.budget_tokens`.'
  }
  const forced = ['any', 'tool'].includes(text(fields(body.tool_choice).type))
  return forced && ['enabled', 'adaptive'].includes(text(thinking.type)) ? 'Thinking may not be enabled when tool_choice forces tool use.' : null
}

/** A signature vouches for its text: both must be as they were given out. */
function checkHistory ({ memory }: World, body: Fields): string | null {
  for (const [turn, message] of list(body.messages).map(fields).entries()) {
    for (const [index, block] of blocksOf(message.content).entries()) {
      if (block.type !== 'thinking') continue
      const issued = memory.issued.get(text(block.signature))
      if (issued === undefined || issued.text !== text(block.thinking)) return `messages.${turn}.content.${index}: Invalid \`signature\` in \`thinking\` block`
    }
  }
  return null
}
