// Ready-to-paste settings for common tools. Pure. `../connect/` describes the clients that `connect` knows; this file
// adds the others, and the libraries.
import { claudeEnvironment } from '../connect/claude-code.js'
import { targets } from '../connect/targets.js'
import { codexConfig } from '../connect/terminal.js'
/** @import { Facts } from '../connect/models.js' */
/** @import { Target } from '../connect/targets.js' */

/**
 * @typedef {{
 *   origin: string, username: string, password: string, small: Facts, models: readonly Facts[], model: Facts,
 *   isWindows?: boolean
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
 * @param {Pick<Access, 'origin' | 'username' | 'model' | 'isWindows'>} access
 * @param {string} client
 * @returns {Block}
 */
export function connectLine ({ origin, username, model, isWindows = false }, client) {
  return isWindows
    ? { title: 'PowerShell: one line that sets everything up, and asks first',
      text: `& ([scriptblock]::Create((irm ${origin}/connect/${client}.ps1))) ${username} -model ${model.id}` }
    : { title: 'Terminal: one line that sets everything up, and asks first',
      text: `curl -fsSL ${origin}/connect/${client}.sh | sh -s -- ${username} --model ${model.id}` }
}

/**
 * @param {Access} access
 * @returns {Client[]}
 */
export function clientSettings (access) {
  const { origin, username, password, model, small, models } = access
  const root = `${origin}/${username}`
  const base = `${root}/v1`
  const isLocal = /^https?:\/\/(?:localhost|127\.|\[::1\])/.test(origin)
  const fromDocker = isLocal ? base.replace(/\/\/[^/:]+/, '//host.docker.internal') : base
  const key = { title: 'Terminal, before you start it', text: `export COPILOT_PROXY_KEY=${password}` }
  const claudeEnv = claudeEnvironment({ root, password, model, small, models })
  const catalogue = 'copilot-models.json'
  /** @type {Readonly<Record<string, Target>>} */
  const known = Object.fromEntries(
    Object.entries(targets).map((
      [id, describe],
    ) => [id, describe({ origin, root, base, password, model, small, models })]),
  )
  /** @param {string} id @param {string} [tab] @returns {Client} */
  const connected = (id, tab = id) => {
    const { name = id, home, files = [], notes = [] } = known[id] ?? {}
    return { id: tab, name, notes, line: connectLine(access, id),
      blocks: files.map(({ path, text }) => ({ title: ['~', home?.unix, path].filter(Boolean).join('/'),
        text: text.trimEnd() })
      ) }
  }
  const claude = connected('claude', 'claude-code')
  return [{ ...claude,
    blocks: [{ title: 'In a terminal',
      text: `${Object.entries(claudeEnv).map(([name, value]) => `export ${name}=${value}`).join('\n')}\nclaude` },
      ...(claude.blocks ?? [])] }, { id: 'codex', name: 'Codex',
    intro: 'By hand: without the file of models Codex guesses the window, the efforts and the tools of each. Save it '
      + 'next to config.toml, put its full path into the third line, and remove the # there.', catalogue,
    line: connectLine(access, 'codex'),
    blocks: [{ title: '~/.codex/config.toml',
      text: codexConfig(base, model, 'env_key = "COPILOT_PROXY_KEY"',
        `# model_catalog_json = "/home/you/.codex/${catalogue}"\n`) }, key] }, connected('opencode'),
    connected('gemini'), connected('copilot'), connected('qwen'), { id: 'cursor', name: 'Cursor',
    intro: 'Cursor Settings → Models → API Keys. Fill in, switch both on, and add the model by name.',
    places: [['OpenAI API Key', password], ['Override OpenAI Base URL', base], ['Add model', model.id]],
    notes: isLocal || origin.startsWith('http://')
      ? [
        'Cursor calls this address from its own servers, which cannot reach a local or plain http:// address. Put '
        + 'the proxy behind https, or use a tunnel.',
      ]
      : [] }, connected('cline'), connected('continue'), connected('zed'), connected('vscode'), { id: 'open-webui',
    name: 'Open WebUI', intro: 'Admin Settings → Connections → OpenAI API → add a connection, or start it with these:',
    blocks: [{
      title: 'Terminal',
      text: `docker run -d -p 3000:8080 --add-host=host.docker.internal:host-gateway \\\n  -e `
        + `OPENAI_API_BASE_URL=${fromDocker} \\\n  -e OPENAI_API_KEY=${password} \\\n  -v `
        + `open-webui:/app/backend/data --name open-webui ghcr.io/open-webui/open-webui:main`,
    }], places: [['URL', base], ['Key', password]],
    notes: isLocal
      ? [
        'Inside a container, localhost is the container itself, and host.docker.internal is this machine. The '
        + 'proxy must listen on more than loopback (HOST=0.0.0.0).',
      ]
      : [] }, connected('aider'), { id: 'openai-js', name: 'OpenAI · JS', blocks: [{
      title: 'npm install openai',
      text: `import OpenAI from 'openai'\n\nconst client = new OpenAI({\n  baseURL: '${base}',\n  apiKey: `
        + `'${password}',\n})\nconst answer = await client.chat.completions.create({\n  model: '${model.id}',\n  `
        + `messages: [{ role: 'user', content: 'Hello!' }],\n})\nconsole.log(answer.choices[0].message.content)`,
    }] }, { id: 'openai-python', name: 'OpenAI · Python', blocks: [{
      title: 'pip install openai',
      text: `from openai import OpenAI\n\nclient = OpenAI(\n    base_url="${base}",\n    `
        + `api_key="${password}",\n)\nanswer = client.chat.completions.create(\n    model="${model.id}",\n    `
        + `messages=[{"role": "user", "content": "Hello!"}],\n)\nprint(answer.choices[0].message.content)`,
    }] }, { id: 'anthropic-js', name: 'Anthropic · JS', blocks: [{
      title: 'npm install @anthropic-ai/sdk',
      text: `import Anthropic from '@anthropic-ai/sdk'\n\nconst client = new Anthropic({\n  baseURL: '${root}',\n  `
        + `authToken: '${password}',\n})\nconst answer = await client.messages.create({\n  model: '${model.id}',\n  `
        + `max_tokens: 1024,\n  messages: [{ role: 'user', content: 'Hello!' }],\n})\nconsole.log(answer.content)`,
    }] }, { id: 'anthropic-python', name: 'Anthropic · Python', blocks: [{
      title: 'pip install anthropic',
      text: `from anthropic import Anthropic\n\nclient = Anthropic(\n    base_url="${root}",\n    `
        + `auth_token="${password}",\n)\nanswer = client.messages.create(\n    model="${model.id}",\n    `
        + `max_tokens=1024,\n    messages=[{"role": "user", "content": "Hello!"}],\n)\nprint(answer.content)`,
    }] }, { id: 'curl', name: 'curl',
    blocks: [{ title: 'Terminal',
      text: `curl ${base}/chat/completions \\\n  -H 'authorization: Bearer ${password}' \\\n`
        + `  -H 'content-type: application/json' \\\n  -d '${
          JSON.stringify({ model: model.id, messages: [{ role: 'user', content: 'Hello!' }] })
        }'` }] }]
}
