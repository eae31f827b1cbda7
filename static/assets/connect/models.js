// Which models of a seat the settings of a client name, and what a client has to know of them. Pure: the pages and the
// server use it.

/**
 * @typedef {{ id: string, context: number | null, input: number | null }} Sized windows in tokens
 * @typedef {Sized & { name: string, output: number | null, free: boolean, vision: boolean, reasoning: boolean,
 *   tools: boolean, claude: boolean, preview: boolean }} Facts
 */

/**
 * Model ids come from upstream and go into shells and files. Only ids that have no special meaning there are offered.
 * @param {string} id
 */
export function isSafeModelId (id) {
  return /^[A-Za-z0-9][A-Za-z0-9._:/-]*$/.test(id)
}

/**
 * @param {Readonly<Record<string, any>>} entry of `/v1/models`
 * @returns {Facts}
 */
export function factsOf (entry) {
  const supports = entry['capabilities']?.supports ?? {}
  const count = (/** @type {unknown} */ value) => typeof value === 'number' ? value : null
  const name = typeof entry['name'] === 'string' && /^[\w .()/+-]{1,80}$/.test(entry['name'])
    ? entry['name']
    : entry['id']
  return { id: entry['id'], name, context: count(entry['context_length']), input: count(entry['max_input_tokens']),
    output: count(entry['max_output_tokens']), free: entry['free'] === true, preview: entry['preview'] === true,
    vision: supports.vision === true, tools: supports.tool_calls === true,
    reasoning: (Array.isArray(supports.reasoning_effort) && supports.reasoning_effort.length > 0)
      || supports.max_thinking_budget !== undefined, claude: entry['id'].startsWith('claude-') }
}

/**
 * Whether the settings of a chat tool can name this model.
 * @param {Readonly<Record<string, any>>} entry of `/v1/models`
 */
export function isForChat (entry) {
  return entry['capabilities']?.type === 'chat' && isSafeModelId(entry['id'])
    && (entry['policy']?.state ?? 'enabled') === 'enabled'
}

/**
 * The entries that the settings offer. Copilot refuses an Auto seat every model by its id.
 * @template {Readonly<Record<string, any>>} T
 * @param {readonly T[]} entries of `/v1/models`
 * @returns {readonly T[]}
 */
export function offered (entries) {
  const chat = entries.filter(isForChat)
  const isAutoOnly = chat.every(entry => entry['id'] === 'auto' || entry['model_picker_enabled'] === false)
  const auto = isAutoOnly ? chat.filter(entry => entry['id'] === 'auto') : []
  return auto.length > 0 ? auto : chat
}

/**
 * A free model that can use tools and has the longest context: what an agent needs most.
 * @template {Facts} T
 * @param {readonly T[]} models
 * @returns {T | undefined}
 */
export function suggest (models) {
  const fit = models.filter(({ free, preview, tools }) => free && !preview && tools)
  return fit.toSorted((a, b) => (b.context ?? 0) - (a.context ?? 0))[0] ?? models[0]
}

/**
 * A cheap model for background work.
 * @template {Facts} T
 * @param {readonly T[]} models
 * @param {T} otherwise
 * @returns {T}
 */
export function smallest (models, otherwise) {
  return models.find(({ free, id }) => free && /mini|haiku|lite|4\.1/.test(id)) ?? models.find(({ free }) => free)
    ?? otherwise
}
