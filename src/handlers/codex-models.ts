// The list of models in the form of Codex's own catalogue. Without it Codex assumes a window of 272,000 tokens, no
// efforts and no `apply_patch`. One wrong entry makes Codex refuse the whole list, so each field has the type that
// every known version reads. docs/spec/translation.md#codex-catalogue
import { effortsOf, isUsable, limitOf, supports, type KnownModels, type Model } from '../model-entry.ts'
import { familyOf, knowsVerbosity } from '../rules/model-facts.ts'

/** Codex uses this as the system prompt, in place of its own long one. */
const instructions = ['You are a coding agent in the Codex CLI, on the computer of the user.',
  'Work until the task is done: read the code that matters, make the smallest change that solves the problem in the '
  + 'style of the project, and run what shows that it works.',
  'Change files with the apply_patch tool if you have it. Never discard changes that you did not make.',
  'Follow the AGENTS.md files of the folders that you work in.',
  'If you are blocked or a step would be destructive, say so and ask.',
  'At the end, report briefly what you changed and what you checked.'].join('\n')

/** Versions before this one refuse a list with an effort that they do not know. */
const firstWithAnyEffort = [0, 171] as const
const oldEfforts = ['none', 'minimal', 'low', 'medium', 'high', 'xhigh']

/** @param version the query's `client_version`; one that is no version counts as the newest */
export function codexModels ({ models }: KnownModels, version: string) {
  const takesAnyEffort = isFrom(version, firstWithAnyEffort)
  return models.filter(model => model.capabilities.type === 'chat').toSorted((a, b) =>
    Number(isListed(b)) - Number(isListed(a))
  ).map((model, priority) => toModelInfo(model, priority, takesAnyEffort))
}

function toModelInfo (model: Model, priority: number, takesAnyEffort: boolean) {
  const { id, name, vendor } = model
  const efforts = effortsOf(model).filter(effort => takesAnyEffort || oldEfforts.includes(effort))
  // Copilot refuses a prompt by its own size, not by prompt and answer together.
  const window = limitOf(model, 'max_prompt_tokens') ?? limitOf(model, 'max_context_window_tokens')
  const hasVerbosity = knowsVerbosity({ id, entry: model, family: familyOf(id, model) })
  return {
    slug: id,
    display_name: typeof name === 'string' && name !== '' ? name : id,
    description: typeof vendor === 'string' && vendor !== '' ? vendor : null,
    default_reasoning_level: efforts.includes('medium') ? 'medium' : efforts[Math.floor(efforts.length / 2)] ?? null,
    supported_reasoning_levels: efforts.map(effort => ({ effort, description: effort })),
    shell_type: 'unified_exec',
    visibility: isUsable(model) ? 'list' : 'hide',
    supported_in_api: true,
    priority,
    base_instructions: instructions,
    supports_reasoning_summaries: efforts.length > 0,
    support_verbosity: hasVerbosity,
    default_verbosity: hasVerbosity ? 'medium' : null,
    apply_patch_tool_type: supports(model, 'tool_calls') ? 'freeform' : null,
    truncation_policy: { mode: 'tokens', limit: 10_000 },
    supports_parallel_tool_calls: supports(model, 'parallel_tool_calls'),
    experimental_supported_tools: [],
    input_modalities: supports(model, 'vision') ? ['text', 'image'] : ['text'],
    ...(window === null ? {} : { context_window: window, max_context_window: window }),
  }
}

/** Models that Copilot offers in its own picker come first. */
function isListed (model: Model): boolean {
  return model['model_picker_enabled'] === true && isUsable(model)
}

function isFrom (version: string, [major, minor]: readonly [number, number]): boolean {
  const match = /^(\d{1,6})\.(\d{1,6})/.exec(version)
  if (match === null) return true
  const [ownMajor, ownMinor] = [Number(match[1]), Number(match[2])]
  return ownMajor > major || (ownMajor === major && ownMinor >= minor)
}
