// The scripts of `/connect/`: the facts of one client, then the parts that are the same for all. They have no secret in
// them, and know no user.
import { accessOf, targets, type Home, type ConnectTarget } from './descriptions.js'
import { files } from './parts/files.ts'
import { main } from './parts/main.ts'
import { mergeJs } from './parts/merge-js.ts'
import { mergePy } from './parts/merge-py.ts'
import { mergeToml } from './parts/merge-toml.ts'
import { ownKey } from './parts/own-key.ts'
import { record } from './parts/record.ts'
import { talk } from './parts/talk.ts'
import { windows } from './parts/windows.ts'

export const clients: readonly string[] = Object.keys(targets)

/** An address that needs no quoting in a script, or in the command that loads one. */
const plainOrigin = /^https?:\/\/(?:[a-z0-9._-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i

export function isPlainOrigin (origin: string): boolean {
  return plainOrigin.test(origin)
}

/**
 * @param origin see `isPlainOrigin`
 * @returns null for an unknown client
 */
export function shellScript (client: string, origin: string): string | null {
  const target = descriptionOf(client, origin)
  if (target === null) return null
  return `#!/bin/sh
# Connects ${target.name} to the Copilot Proxy at ${origin}.
# Read it before you run it. It has no secret in it.
origin='${origin}' client=${target.id} name='${target.name}' tool=${toolOf(target)}
command=${target.command} install='${target.install}'

set_folder () {
${shellFolder(target.home)}
}
${talk}${record}${files}${ownKey}
write_mergers () {
cat >"$work/merge.cjs" <<'END_OF_MERGE'
${mergeJs}END_OF_MERGE
cat >"$work/merge.py" <<'END_OF_MERGE'
${mergePy}END_OF_MERGE
cat >"$work/merge-toml.py" <<'END_OF_MERGE'
${mergeToml}END_OF_MERGE
}
${main}
main "$@"
`
}

/** For PowerShell 5.1 and later. @returns null for an unknown client */
export function powerShellScript (client: string, origin: string): string | null {
  const target = descriptionOf(client, origin)
  if (target === null) return null
  const { home: { unix, windows: own = unix, variable } } = target
  const folder = `Join-Path $HOME '${own.replaceAll('/', '\\')}'`
  return `# Connects ${target.name} to the Copilot Proxy at ${origin}.
# Read it before you run it. It has no secret in it.
param([string]$user, [string]$model, [switch]$undo, [switch]$yes, [switch]$dryRun)
$ErrorActionPreference = 'Stop'
$origin = '${origin}'; $client = '${target.id}'; $name = '${target.name}'; $command = '${target.command}'
$install = '${target.install}'; $tool = '${toolOf(target)}'
$folder = ${own === '' ? '$HOME' : folder}
${
    variable === undefined
      ? ''
      : `if ($env:${variable}) { $folder = $env:${variable} }\n`
  }$store = Join-Path $HOME '.copilot-proxy\\connect\\${target.id}'
$mergeJs = @'
${mergeJs}'@
${windows}`
}

/** As the setup page names the key of a tool. */
function toolOf ({ id }: ConnectTarget): string {
  return id === 'claude' ? 'claude-code' : id
}

function shellFolder ({ unix, variable, xdg, mac }: Home): string {
  return [`  folder=$HOME${unix === '' ? '' : `/${unix}`}`,
    ...(xdg === undefined ? [] : [`  if [ -n "$XDG_CONFIG_HOME" ]; then folder=$XDG_CONFIG_HOME/${xdg}; fi`]),
    ...(mac === undefined ? [] : [`  if [ "$(uname -s)" = Darwin ]; then folder="$HOME/${mac}"; fi`]),
    ...(variable === undefined ? [] : [`  if [ -n "$${variable}" ]; then folder=$${variable}; fi`])].join('\n')
}

/** The facts of a client that depend on no seat. */
function descriptionOf (client: string, origin: string): ConnectTarget | null {
  const describe = Object.hasOwn(targets, client) ? targets[client] : undefined
  const nobody = accessOf(origin, 'nobody', '', [{ id: 'none', capabilities: { type: 'chat' } }], null)
  return describe === undefined || nobody === null ? null : describe(nobody)
}
