// The clients that `connect` knows, by their ids. One description of each client serves the setup page, the command and
// the scripts of `/connect/`. Pure.
import { aider, cline, continueDev, vscode, zed } from './editors.js'
import { claude, codex, copilot, gemini, opencode, qwen } from './terminal.js'
import { factsOf, offered, smallest, suggest } from './models.js'
/** @import { Facts } from './models.js' */

/**
 * @typedef {{ origin: string, root: string, base: string, password: string, model: Facts, small: Facts,
 *   models: readonly Facts[] }} Access `root` is `<origin>/<username>`, `base` ends in `/v1`; `small` is for background
 *   work. `password` may be a placeholder
 * @typedef {{ path: string, format: 'json' | 'env' | 'toml' | 'yaml' | 'text', text: string }} File `path` is below
 *   the folder of the client. `json` and `env` can be merged into a file that exists
 * @typedef {{ id: string, name: string, command: string, install: string, home: Home, run: string,
 *   proof: 'chat' | 'responses' | 'messages' | 'gemini', files: readonly File[], notes?: readonly string[] }} Target
 * @typedef {{ unix: string, variable?: string, xdg?: string, mac?: string, windows?: string }} Home the folder, below
 *   the home directory; `variable` names the environment variable that replaces it, `xdg` the place below
 *   `XDG_CONFIG_HOME`
 */

/** @type {Readonly<Record<string, (access: Access) => Target>>} */
export const targets = { claude, codex, opencode, gemini, copilot, qwen, cline, continue: continueDev, zed, vscode,
  aider }

/**
 * @param {string} origin without a slash at the end
 * @param {string} username
 * @param {string} password or a placeholder
 * @param {readonly Readonly<Record<string, any>>[]} entries of `/v1/models`
 * @param {string | null} chosen the id of a model; null for the suggested one
 * @returns {Access | null} null if the seat has no such model
 */
export function accessOf (origin, username, password, entries, chosen) {
  const models = offered(entries).map(factsOf)
  const model = chosen === null ? suggest(models) : models.find(({ id }) => id === chosen)
  if (model === undefined) return null
  const root = `${origin}/${username}`
  return { origin, root, base: `${root}/v1`, password, model, small: smallest(models, model), models }
}
