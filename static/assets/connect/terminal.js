// The settings of coding agents for the terminal: which files they read, and what goes into them. Pure. The setup page
// shows them, and `connect` writes them. Facts: docs/clients.md.
import { claudeEnvironment } from './claude-code.js'
/** @import { Access, Target } from './targets.js' */

/** @param {unknown} value */
export const json = value => `${JSON.stringify(value, null, 2)}\n`

/** @param {Access} access @returns {Target} */
export function claude ({ root, password, model, small, models }) {
  return { id: 'claude', name: 'Claude Code', command: 'claude', install: 'npm install -g @anthropic-ai/claude-code',
    home: { unix: '.claude', variable: 'CLAUDE_CONFIG_DIR' }, run: 'claude', proof: 'messages',
    files: [{ path: 'settings.json', format: 'json',
      text: json({ env: claudeEnvironment({ root, password, model, small, models }) }) }] }
}

/**
 * With a command that gives the key, Codex asks for the catalogue of models at each start.
 * @param {Access} access @returns {Target}
 */
export function codex ({ base, password, model }) {
  const auth =
    '[model_providers.copilot-proxy.auth]\ncommand = "@CAT@"\nargs = [@CAT_ARGS@"@FOLDER@/copilot-proxy.key"]\n'
  return { id: 'codex', name: 'Codex', command: 'codex', install: 'npm install -g @openai/codex',
    home: { unix: '.codex', variable: 'CODEX_HOME' }, run: 'codex', proof: 'responses',
    files: [{ path: 'copilot-proxy.key', format: 'text', text: `${password}\n` }, { path: 'config.toml', format: 'toml',
      text: codexConfig(base, model, auth) }] }
}

/**
 * @param {string} base
 * @param {Access['model']} model
 * @param {string} auth the lines that say where the key is
 * @param {string} more lines for the top level
 */
export function codexConfig (base, model, auth, more = '') {
  return `model = "${model.id}"\nmodel_provider = "copilot-proxy"\n${more}${
    model.input ? `model_context_window = ${model.input}\n` : ''
  }\n[model_providers.copilot-proxy]\nname = "Copilot Proxy"\nbase_url = "${base}"\nwire_api = "responses"\n`
    + `supports_websockets = true\nsupports_standalone_web_search = true\n${auth}`
}

/** @param {Access} access @returns {Target} */
export function opencode ({ base, password, model, models }) {
  const limit = (/** @type {Access['model']} */ { context, input, output }) =>
    context && output ? { limit: { context, ...(input ? { input } : {}), output } } : {}
  const entry = (
    /** @type {Access['model']} */ each,
  ) => [each.id, { name: each.id, attachment: each.vision, reasoning: each.reasoning, tool_call: true,
    modalities: { input: each.vision ? ['text', 'image'] : ['text'], output: ['text'] }, ...limit(each) }]
  return { id: 'opencode', name: 'opencode', command: 'opencode', install: 'npm install -g opencode-ai',
    home: { unix: '.config/opencode', xdg: 'opencode' }, run: 'opencode', proof: 'chat',
    files: [{ path: 'opencode.json', format: 'json', text: json({
      $schema: 'https://opencode.ai/config.json',
      provider: {
        'copilot-proxy': { npm: '@ai-sdk/openai-compatible', name: 'Copilot Proxy',
          options: { baseURL: base, apiKey: password }, models: Object.fromEntries(models.map(entry)) },
      },
      model: `copilot-proxy/${model.id}`,
    }) }] }
}

/**
 * Gemini CLI takes every unknown model for one with a million tokens, and compresses by a share of them.
 * @param {Access} access @returns {Target}
 */
export function gemini ({ root, password, model }) {
  const share = model.input === null ? 0.1 : Math.min(0.5, Math.floor(model.input * 0.8 / 1_048_576 * 100) / 100)
  return { id: 'gemini', name: 'Gemini CLI', command: 'gemini', install: 'npm install -g @google/gemini-cli',
    home: { unix: '.gemini' }, run: 'gemini', proof: 'gemini',
    files: [{ path: 'settings.json', format: 'json',
      text: json({ security: { auth: { selectedType: 'gemini-api-key' } },
        model: { name: model.id, compressionThreshold: share } }) }, { path: '.env', format: 'env',
      text: `GOOGLE_GEMINI_BASE_URL=${root}\nGEMINI_API_KEY=${password}\n` }] }
}

/**
 * Copilot's own command line reads its provider from the environment alone.
 * @param {Pick<Access, 'base' | 'root' | 'password' | 'model'>} access
 * @returns {Record<string, string>}
 */
export function copilotEnvironment ({ base, root, password, model }) {
  const wire = model.claude
    ? { COPILOT_PROVIDER_TYPE: 'anthropic', COPILOT_PROVIDER_BASE_URL: root }
    : { COPILOT_PROVIDER_TYPE: 'openai', COPILOT_PROVIDER_BASE_URL: base,
      ...(model.reasoning ? { COPILOT_PROVIDER_WIRE_API: 'responses' } : {}) }
  return { ...wire, COPILOT_PROVIDER_API_KEY: password, COPILOT_MODEL: model.id,
    ...(model.input ? { COPILOT_PROVIDER_MAX_PROMPT_TOKENS: String(model.input) } : {}),
    ...(model.output ? { COPILOT_PROVIDER_MAX_OUTPUT_TOKENS: String(model.output) } : {}) }
}

/** @param {Access} access @returns {Target} */
export function copilot (access) {
  const { model } = access
  return { id: 'copilot', name: 'Copilot CLI', command: 'copilot', install: 'npm install -g @github/copilot',
    home: { unix: '.copilot', variable: 'COPILOT_HOME' }, run: '. @FOLDER@/copilot-proxy.env && copilot',
    proof: model.claude ? 'messages' : model.reasoning ? 'responses' : 'chat',
    files: [{ path: 'copilot-proxy.env', format: 'env',
      text: Object.entries(copilotEnvironment(access)).map(([name, value]) => `export ${name}=${value}\n`).join('') }],
    notes: [
      'Copilot CLI reads its provider from the environment alone: load the file in each terminal, or in your '
      + "shell's profile.",
    ] }
}

/** @param {Access} access @returns {Target} */
export function qwen ({ base, password, model, models }) {
  const entry = (/** @type {Access['model']} */ each) => ({ id: each.id, name: `${each.name} (Copilot Proxy)`,
    baseUrl: base, envKey: 'COPILOT_PROXY_KEY',
    generationConfig: { ...(each.input ? { contextWindowSize: each.input } : {}),
      modalities: { image: each.vision } } })
  return { id: 'qwen', name: 'Qwen Code', command: 'qwen', install: 'npm install -g @qwen-code/qwen-code',
    home: { unix: '.qwen' }, run: 'qwen', proof: 'chat',
    files: [{ path: 'settings.json', format: 'json',
      text: json({ modelProviders: { openai: models.map(entry) }, env: { COPILOT_PROXY_KEY: password },
        security: { auth: { selectedType: 'openai' } }, model: { name: model.id } }) }] }
}
