// The settings of clients in editors, and of aider: which files they read, and what goes into them. Pure, as
// `terminal.js`. Facts: docs/clients.md.
import { json } from './terminal.js'
/** @import { Access, Target } from './targets.js' */

/** @typedef {Access['model']} Model */

/** The command line of Cline and its editor extensions share this file. @param {Access} access @returns {Target} */
export function cline ({ base, password, model }) {
  return { id: 'cline', name: 'Cline', command: 'cline', install: 'npm install -g cline',
    home: { unix: '.cline/data/settings' }, run: 'cline', proof: 'chat',
    files: [{ path: 'providers.json', format: 'json',
      text: json({ version: 1, lastUsedProvider: 'openai-compatible', modes: {}, providers: {
        'openai-compatible': {
          settings: { provider: 'openai-compatible', apiKey: password, model: model.id, baseUrl: base },
          updatedAt: '2026-01-01T00:00:00.000Z',
          tokenSource: 'manual',
        },
      } }) }] }
}

/** @param {Access} access @returns {Target} */
export function continueDev ({ base, password, model, models }) {
  const sorted = [model, ...models.filter(({ id }) => id !== model.id)]
  const entry = (/** @type {Model} */ { id, name, vision, input, output }) =>
    [`  - name: ${JSON.stringify(name)}`, '    provider: openai', `    model: ${id}`, `    apiBase: ${base}`,
      `    apiKey: ${password}`, '    roles: [chat, edit, apply]',
      `    capabilities: [tool_use${vision ? ', image_input' : ''}]`, ...(input
        ? ['    defaultCompletionOptions:', `      contextLength: ${input + (output ?? 0)}`,
          ...(output ? [`      maxTokens: ${output}`] : [])]
        : [])].join('\n')
  return { id: 'continue', name: 'Continue', command: 'cn', install: 'npm install -g @continuedev/cli',
    home: { unix: '.continue' }, run: 'cn', proof: 'chat',
    files: [{ path: 'config.yaml', format: 'yaml',
      text: `name: Copilot Proxy\nversion: 1.0.0\nschema: v1\nmodels:\n${sorted.map(entry).join('\n')}\n` }] }
}

/**
 * Zed keeps keys in the system's keychain, or reads them from the environment.
 * @param {Access} access @returns {Target}
 */
export function zed ({ base, model, models }) {
  const entry = (/** @type {Model} */ { id, name, context, output, vision, tools }) => ({ name: id, display_name: name,
    max_tokens: context ?? 128_000, ...(output ? { max_output_tokens: output } : {}),
    capabilities: { tools, images: vision, parallel_tool_calls: tools, prompt_cache_key: false } })
  return { id: 'zed', name: 'Zed', command: 'zed', install: 'https://zed.dev/download',
    home: { unix: '.config/zed', xdg: 'zed', windows: 'AppData/Roaming/Zed' }, run: 'zed', proof: 'chat',
    files: [{ path: 'settings.json', format: 'json', text: json({
      language_models: {
        openai_compatible: { 'Copilot Proxy': { api_url: base, available_models: models.map(entry) } },
      },
      agent: { default_model: { provider: 'Copilot Proxy', model: model.id } },
    }) }],
    notes: [
      'Zed does not read keys from its settings: enter the key under Agent Settings → LLM Providers → Copilot '
      + 'Proxy, or start Zed with COPILOT_PROXY_API_KEY in its environment.',
    ] }
}

/** The provider “Custom Endpoint”. @param {Access} access @returns {Target} */
export function vscode ({ base, password, models }) {
  const entry = (/** @type {Model} */ { id, name, vision, tools, reasoning, input, output, claude }) => ({ id, name,
    url: `${base}/${claude ? 'messages' : 'chat/completions'}`, apiType: claude ? 'messages' : 'chat-completions',
    toolCalling: tools, vision, thinking: reasoning, maxInputTokens: input ?? 128_000,
    maxOutputTokens: output ?? 16_000 })
  return { id: 'vscode', name: 'VS Code', command: 'code', install: 'https://code.visualstudio.com',
    home: { unix: '.config/Code/User', xdg: 'Code/User', mac: 'Library/Application Support/Code/User',
      windows: 'AppData/Roaming/Code/User' }, run: 'code', proof: 'chat',
    files: [{ path: 'chatLanguageModels.json', format: 'json',
      text: json([{ name: 'Copilot Proxy', vendor: 'customendpoint', apiKey: password, apiType: 'chat-completions',
        models: models.map(entry) }]) }],
    notes: [
      'Restart VS Code if the models do not appear in the picker. “Chat: Manage Language Models” shows them, and '
      + 'can move the key into secret storage.',
    ] }
}

/** @param {Access} access @returns {Target} */
export function aider ({ base, password, model, models }) {
  const limits = models.filter(({ input }) => input !== null).map((
    { id, input, output },
  ) => [`openai/${id}`, { max_input_tokens: input, ...(output ? { max_tokens: output, max_output_tokens: output } : {}),
    litellm_provider: 'openai', mode: 'chat' }]
  )
  return { id: 'aider', name: 'aider', command: 'aider',
    install: 'python -m pip install aider-install && aider-install', home: { unix: '' }, run: 'aider', proof: 'chat',
    files: [{ path: '.aider.conf.yml', format: 'yaml',
      text: `model: openai/${model.id}\nopenai-api-base: ${base}\nopenai-api-key: ${password}\n` }, {
      path: '.aider.model.metadata.json',
      format: 'json',
      text: json(Object.fromEntries(limits)),
    }] }
}
