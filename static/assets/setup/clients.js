// Ready-to-paste settings for common tools, in the syntax of the reader's shell. `../connect/` describes the clients
// that `connect` knows; this file adds the others, and the libraries.
import { t } from '../lib/text.js'
import { claudeEnvironment } from '../connect/claude-code.js'
import { targets } from '../connect/targets.js'
import { codexConfig, copilotEnvironment } from '../connect/terminal.js'
import { codeOf } from './client-code.js'
import { assignments, command } from './shells.js'
/** @import { Facts } from '../connect/models.js' */
/** @import { Target } from '../connect/targets.js' */
/** @import { ShellName } from './shells.js' */

/**
 * @typedef {{
 *   origin: string, username: string, password: string, small: Facts, models: readonly Facts[], model: Facts,
 *   shell?: ShellName
 * }} Access `origin` has no slash at the end; `small` is a cheap model for background work
 * @typedef {{ title: string, text: string }} Block
 * @typedef {{
 *   id: string, name: string, intro?: string, blocks?: Block[],
 *   places?: [string, string][], notes?: readonly string[], catalogue?: string, line?: Block,
 * }} Client `line` connects by itself; `blocks` are to copy, `places` are fields to fill in, `catalogue` names Codex's
 *   file of models
 */

/**
 * The command that connects a client from any machine. It asks for the password, so that no history has it, and makes a
 * key for the client.
 * @param {Pick<Access, 'origin' | 'username' | 'model' | 'shell'>} access
 * @param {string} client
 * @returns {Block}
 */
export function connectLine ({ origin, username, model, shell = 'sh' }, client) {
  return shell === 'powershell'
    ? { title: t('setup.tool.line.powershell'),
      text: `& ([scriptblock]::Create((irm ${origin}/connect/${client}.ps1))) ${username} -model ${model.id}` }
    : { title: t('setup.tool.line'),
      text: `curl -fsSL ${origin}/connect/${client}.sh | sh -s -- ${username} --model ${model.id}` }
}

/**
 * @param {Access} access
 * @returns {Client[]}
 */
export function clientSettings (access) {
  const { origin, username, password, model, small, models, shell = 'sh' } = access
  const root = `${origin}/${username}`
  const base = `${root}/v1`
  const isLocal = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(origin)
  const fromDocker = isLocal ? base.replace(/\/\/[^/:]+/, '//host.docker.internal') : base
  /** @type {Readonly<Record<string, Target>>} */
  const known = Object.fromEntries(
    Object.entries(targets).map((
      [id, describe],
    ) => [id, describe({ origin, root, base, password, model, small, models })]),
  )
  const code = codeOf({ base, root, password, model: model.id })
  const inTerminal = (/** @type {Readonly<Record<string, string>>} */ variables, /** @type {string} */ program) => ({
    title: t('setup.tool.terminal'),
    text: `${assignments(shell, variables)}\n${program}`,
  })
  /** @param {string} id @param {string} [tab] @returns {Client} */
  const connected = (id, tab = id) => {
    const { name = id, home, files = [] } = known[id] ?? {}
    return { id: tab, name, notes: notesOf(id), line: connectLine(access, id),
      blocks: files.map(({ path, text }) => ({ title: ['~', home?.unix, path].filter(Boolean).join('/'),
        text: text.trimEnd() })
      ) }
  }
  const claude = connected('claude', 'claude-code')
  return [{ ...claude,
    blocks: [inTerminal(claudeEnvironment({ root, password, model, small, models }), 'claude'),
      ...(claude.blocks ?? [])] }, codexByHand(), connected('opencode'), connected('gemini'), copilotIn(shell),
    connected('qwen'), {
    id: 'cursor',
    name: 'Cursor',
    intro: t('setup.tool.cursor'),
    places: [['OpenAI API Key', password], ['Override OpenAI Base URL', base], ['Add model', model.id]],
    notes: isLocal || origin.startsWith('http://') ? [t('setup.tool.cursor.note')] : [],
  }, connected('cline'), connected('continue'), connected('zed'), connected('vscode'), { id: 'open-webui',
    name: 'Open WebUI', intro: t('setup.tool.open-webui'), blocks: [{
      title: t('setup.tool.terminal'),
      text: command(shell, [['docker', 'run', '-d', '-p', '3000:8080', '--add-host=host.docker.internal:host-gateway'],
        ['-e', `OPENAI_API_BASE_URL=${fromDocker}`], ['-e', `OPENAI_API_KEY=${password}`], ['-v',
        'open-webui:/app/backend/data', '--name', 'open-webui', 'ghcr.io/open-webui/open-webui:main']]),
    }], places: [['URL', base], ['Key', password]], notes: isLocal ? [t('setup.tool.open-webui.note')] : [] },
    connected('aider'), ...code, { id: 'curl', name: shell === 'powershell' ? 'Invoke-RestMethod' : 'curl',
    blocks: [{ title: t('setup.tool.terminal'), text: firstCall() }] }]

  /**
   * The file is in the syntax of sh.
   * @param {ShellName} shell
   * @returns {Client}
   */
  function copilotIn (shell) {
    const byFile = connected('copilot')
    const variables = copilotEnvironment({ base, root, password, model })
    return shell === 'sh' ? byFile : { ...byFile, notes: [], blocks: [inTerminal(variables, 'copilot')] }
  }

  /** @returns {Client} */
  function codexByHand () {
    const catalogue = 'copilot-models.json'
    return { id: 'codex', name: 'Codex', intro: t('setup.tool.codex'), catalogue, line: connectLine(access, 'codex'),
      blocks: [{ title: '~/.codex/config.toml',
        text: codexConfig(base, model, 'env_key = "COPILOT_PROXY_KEY"',
          `# model_catalog_json = "/home/you/.codex/${catalogue}"\n`) }, { title: t('setup.tool.before'),
        text: assignments(shell, { COPILOT_PROXY_KEY: password }) }] }
  }

  /** PowerShell 5 passes no double quotes on to other programs, so it asks by itself. */
  function firstCall () {
    const body = JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hello!' }] })
    return shell === 'powershell'
      ? `Invoke-RestMethod ${base}/chat/completions -Method Post \`\n  -Headers `
        + `@{ Authorization = 'Bearer ${password}' } \`\n  -ContentType 'application/json' \`\n  -Body '${body}'`
      : command(shell, [['curl', `${base}/chat/completions`], ['-H', `authorization: Bearer ${password}`], ['-H',
        'content-type: application/json'], ['-d', body]])
  }
}

/** @param {string} id */
function notesOf (id) {
  switch (id) {
    case 'copilot':
      return [t('setup.tool.copilot.note')]
    case 'zed':
      return [t('setup.tool.zed.note')]
    case 'vscode':
      return [t('setup.tool.vscode.note')]
    default:
      return []
  }
}
