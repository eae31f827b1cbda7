// Facts about models. Only this file tests a model's name, family or version. The entry in Copilot's list comes first;
// the name only fills in what the entry leaves open. docs/spec/copilot.md#model-fields.
import type { Target } from '../dialects/contract/dialect.ts'
import { isObject } from '../json.ts'
import { supports, type Model } from '../model-entry.ts'

/** The fields of a target that these functions read. The entry is missing while no list of models is known. */
export type Subject = Pick<Target, 'id'> & Partial<Pick<Target, 'entry' | 'efforts' | 'family'>>

const makers: readonly (readonly [Target['family'], RegExp])[] = [['claude', /^claude/], ['gemini', /^gemini/], [
  'openai',
  /^(?:gpt|o\d|chatgpt|codex)/,
]]
const vendors: Readonly<Record<string, Target['family']>> = { Anthropic: 'claude', Google: 'gemini', OpenAI: 'openai',
  'Azure OpenAI': 'openai' }

/** The maker: by the id, otherwise by the entry's family, otherwise by its vendor. */
export function familyOf (id: string, entry: Model | null = null): Target['family'] {
  const vendor = entry?.['vendor']
  return byName(nameOf({ id, entry })) ?? (typeof vendor === 'string' ? vendors[vendor] : undefined) ?? 'other'
}

function byName (name: string): Target['family'] | undefined {
  return makers.find(([, pattern]) => pattern.test(name))?.[0]
}

/** The name that the patterns below test: the id, or the entry's family if the id does not show one. */
function nameOf ({ id, entry }: Pick<Subject, 'id' | 'entry'>): string {
  const family = entry?.capabilities['family']
  return byName(id) === undefined && typeof family === 'string' ? family : id
}

function makerOf (target: Subject): Target['family'] {
  return target.family ?? familyOf(target.id, target.entry ?? null)
}

export const isClaude = (target: Subject): boolean => makerOf(target) === 'claude'
export const isGemini = (target: Subject): boolean => makerOf(target) === 'gemini'
export const isKimi = (target: Subject): boolean => nameOf(target).startsWith('kimi')
/** The prefix of function names in the ids of Kimi's own calls. */
export const kimiCallPrefix = (target: Subject): string => nameOf(target).startsWith('kimi-k3') ? '' : 'functions.'
/** OpenAI's models, and those of unknown makers: Copilot serves them through OpenAI's own checks. */
export const isOpenAi = (target: Subject): boolean => makerOf(target) === 'openai'
/** OpenAI's GPT models, and o3 and later, search the web by themselves on /responses. */
export const searchesItself = (target: Subject): boolean => isOpenAi(target) && /^(?:gpt-|o[3-9])/.test(nameOf(target))
/** Certainly from another maker than OpenAI: such backends may refuse OpenAI's own fields. */
export const isForeign = (target: Subject): boolean =>
  isClaude(target) || isGemini(target) || nameOf(target).startsWith('grok')

interface Version {
  readonly line: string
  readonly major: number
  readonly minor: number
}

/** The line and the numbers of `claude-opus-4.8`, `claude-3.5-sonnet` and `gpt-5.3-codex`; null for other names. */
function versionOf (target: Subject): Version | null {
  const match = /^(?:claude-)?([a-z]+)-(\d{1,2})(?:[.-](\d{1,2}))?(?!\d)/.exec(
    nameOf(target).replace(/^claude-(\d+(?:\.\d+)?)-([a-z]+)/, 'claude-$2-$1'),
  )
  return match === null ? null : { line: match[1] ?? '', major: Number(match[2]), minor: Number(match[3] ?? 0) }
}

/** Also false for a name without a version. */
function isAtLeast (target: Subject, major: number, minor: number): boolean {
  const version = versionOf(target)
  return version !== null && (version.major > major || (version.major === major && version.minor >= minor))
}

export const isClaudeFrom = (target: Subject, major: number, minor: number): boolean =>
  isClaude(target) && isAtLeast(target, major, minor)
/** `gpt-4`, `gpt-4o`, `gpt-4.1`: VS Code reduces their tool schemas to what their strict parser knows. */
export const isGpt4 = (target: Subject): boolean => nameOf(target).startsWith('gpt-4')
export const isOSeries = (target: Subject): boolean => /^o\d/.test(nameOf(target))
const isO1 = (target: Subject): boolean => nameOf(target).startsWith('o1')

/** OpenAI's reasoning models and similar ones: they accept only the default sampling, and `max_completion_tokens`. */
export function isReasoningModel (target: Subject): boolean {
  if (isForeign(target)) return false
  return (target.efforts?.length ?? 0) > 0 || /^(?:o\d|gpt-(?:[5-9]|\d\d))/.test(nameOf(target))
}

/** Claude 4.5 and later accept either `temperature` or `top_p`. */
export const takesOneSampling = (target: Subject): boolean => isClaudeFrom(target, 4, 5)
/** Claude 4.7 and later accept none of `temperature`, `top_p` and `top_k`. */
export const takesNoSampling = (target: Subject): boolean => isClaudeFrom(target, 4, 7)
/** Claude before 4.6 continues an assistant's message at the end; a Claude without a version may not. */
export const takesPrefill = (target: Subject): boolean =>
  isClaude(target) && versionOf(target) !== null && !isClaudeFrom(target, 4, 6)
/** A thinking budget. Claude 4.7 and later only think adaptively. */
export const takesBudget = (target: Subject): boolean => !isClaudeFrom(target, 4, 7)
/** Opus 4.8 was the first to accept a system message inside the conversation; all models of version 5 do. */
export function takesSystemTurns (target: Subject): boolean {
  return isClaudeFrom(target, 5, 0) || (isClaudeFrom(target, 4, 8) && versionOf(target)?.line === 'opus')
}
/**
 * Edits of the context: by the entry, otherwise every Opus and Sonnet of version 4 and Haiku 4.5, except with a window
 * of a million.
 */
export function takesContextEdits (target: Subject): boolean {
  const supports = target.entry?.capabilities.supports
  if (isObject(supports) && typeof supports['context_editing'] === 'boolean') return supports['context_editing']
  const version = versionOf(target)
  if (!isClaude(target) || version?.major !== 4 || /-1m\b/.test(nameOf(target))) return false
  return version.line === 'opus' || version.line === 'sonnet' || (version.line === 'haiku' && version.minor >= 5)
}
/** A prompt cache that lasts an hour: VS Code requests it only with a window of a million. */
export const takesHourCache = (target: Subject): boolean => isClaude(target) && /-1m\b/.test(nameOf(target))
/** o1 and o3 do not stream, and neither does a model whose entry does not list streaming. */
export function takesStreams ({ id, entry }: Pick<Subject, 'id' | 'entry'>): boolean {
  return !/^o[13]/.test(id) && (entry === null || entry === undefined || supports(entry, 'streaming'))
}
/** o1 does not accept system messages. */
export const takesSystemRole = (target: Subject): boolean => !isO1(target)
/** o3 and o4-mini refuse stop sequences. */
export const takesStops = (target: Subject): boolean => !/^o[34]/.test(nameOf(target))
/**
 * The o series refuses `parallel_tool_calls`. For other models the entry decides; an entry without the field counts as
 * yes.
 */
export function takesParallelChoice (target: Subject): boolean {
  const supports = target.entry?.capabilities.supports
  if (isObject(supports) && typeof supports['parallel_tool_calls'] === 'boolean') return supports['parallel_tool_calls']
  return !isOSeries(target)
}
/** From gpt-5.3-codex on, a message states whether it is a remark or the answer. */
export const knowsPhases = (target: Subject): boolean => nameOf(target).startsWith('gpt-') && isAtLeast(target, 5, 3)
/** `verbosity` came with GPT-5. */
export const knowsVerbosity = (target: Subject): boolean => nameOf(target).startsWith('gpt-') && isAtLeast(target, 5, 0)

/** The vendor whose reasoning state a model can read. */
export function stateVendorOf (id: string): string {
  return /^(claude|gemini|grok)/.exec(id)?.[1] ?? 'openai'
}

/** For an id without an entry: the limits that similar models have had so far. */
export function guessFacts (
  id: string,
): Pick<Target, 'supports' | 'efforts' | 'thinkingBudget' | 'maxOutputTokens' | 'maxNonStreamingOutputTokens'> {
  const target = { id }
  const isNewClaude = isClaudeFrom(target, 4, 6)
  const thinks = isClaude(target) ? isClaudeFrom(target, 3, 6) : isGemini(target)
  return {
    supports: { tools: !/^o1-/.test(id), vision: true, structuredOutputs: !isClaude(target) || isNewClaude,
      adaptiveThinking: isNewClaude },
    efforts: /^(?:gpt-5|o\d)/.test(id) || isNewClaude ? ['low', 'medium', 'high'] : [],
    thinkingBudget: thinks ? { min: 1_024, max: 32_000 } : null,
    maxOutputTokens: null,
    maxNonStreamingOutputTokens: isClaude(target) ? 16_000 : null,
  }
}

/** For an id without an entry: the endpoints of similar models. */
export function guessPaths (id: string): readonly string[] {
  if (id.startsWith('claude-')) return ['/chat/completions', '/v1/messages']
  if (/^gpt-5[\w.]*-codex/.test(id) || /^gpt-5\.[3-9]/.test(id)) return ['/responses']
  if (/^gpt-5/.test(id)) return ['/chat/completions', '/responses']
  return /^(?:gpt-[34]|o\d|gemini-)/.test(id)
    ? ['/chat/completions']
    : ['/chat/completions', '/responses', '/v1/messages']
}
