// Settings for Claude Code. It knows the windows of Claude's models by their names, and takes newer ones for a million
// tokens; the seat may offer less. The window of any other model comes from a setting. Pure.

/** @import { Sized } from './models.js' */

/**
 * @typedef {{ root: string, password: string, model: Sized, small: Sized, models: readonly Sized[] }} Choice
 *   `models` are all models that the settings may name
 */

/** From this window on, Claude Code needs no hint. */
const usualWindow = 200_000
const millionWindow = 1_000_000
/** Claude Code takes no smaller window here. */
const leastCompactWindow = 100_000

/**
 * The environment, in the order in which the page shows it.
 * @param {Choice} choice
 * @returns {Record<string, string>}
 */
export function claudeEnvironment ({ root, password, model, small, models }) {
  const opus = newestClaude(models, 'opus') ?? model
  const sonnet = newestClaude(models, 'sonnet') ?? model
  const mapped = [model, opus, sonnet, small]
  const others = mapped.filter(each => !isClaude(each)).map(({ input, context }) => input ?? context ?? Infinity)
  const other = Math.min(...others)
  const claude = Math.min(...mapped.filter(isClaude).map(({ context }) => context ?? Infinity))
  return {
    ANTHROPIC_BASE_URL: root,
    ANTHROPIC_AUTH_TOKEN: password,
    ANTHROPIC_MODEL: model.id,
    ANTHROPIC_DEFAULT_OPUS_MODEL: opus.id,
    ANTHROPIC_DEFAULT_SONNET_MODEL: sonnet.id,
    ANTHROPIC_DEFAULT_HAIKU_MODEL: small.id,
    ANTHROPIC_SMALL_FAST_MODEL: small.id,
    ...(other === Infinity ? {} : { CLAUDE_CODE_MAX_CONTEXT_TOKENS: String(other) }),
    ...(mapped.some(isOverrated) ? { CLAUDE_CODE_DISABLE_1M_CONTEXT: '1' } : {}),
    ...(claude < usualWindow ? { CLAUDE_CODE_AUTO_COMPACT_WINDOW: String(Math.max(claude, leastCompactWindow)) } : {}),
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  }
}

/**
 * The newest of a family, by the version in its id.
 * @template {{ id: string }} T
 * @param {readonly T[]} models
 * @param {string} family
 * @returns {T | undefined}
 */
export function newestClaude (models, family) {
  const line = new RegExp(`^claude-(?:[\\d.]+-)?${family}(?:-[\\d.]+)?$`)
  return models.filter(({ id }) => line.test(id)).toSorted((a, b) => versionOf(b.id) - versionOf(a.id))[0]
}

/** @param {Sized} model */
function isClaude ({ id }) {
  return id.startsWith('claude-')
}

/**
 * Whether Claude Code expects a million tokens, as it does from version 4.7 on, and the seat offers less.
 * @param {Sized} model
 */
function isOverrated (model) {
  return isClaude(model) && versionOf(model.id) >= 4.7 && model.context !== null && model.context < millionWindow
}

/** @param {string} id */
function versionOf (id) {
  return Number(/\d+(?:\.\d+)?/.exec(id)?.[0] ?? 0)
}
