// Reads the Dockerfile: accepts only the instructions and forms that ours uses and throws for any other, so that no
// line goes unnoticed.
export interface Instruction {
  readonly name: string
  readonly args: string
}
export interface Stage {
  readonly name: string
  readonly base: string
  readonly steps: readonly Instruction[]
}

const known: ReadonlySet<string> = new Set(['ARG', 'FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'VOLUME', 'EXPOSE',
  'HEALTHCHECK', 'CMD'])

/** @throws {Error} for an instruction that the replay does not support */
export function readDockerfile (text: string): readonly Stage[] {
  const stages: Array<{ name: string, base: string, steps: Instruction[] }> = []
  const args = new Map<string, string>()
  for (const line of logicalLines(text)) {
    const [, name = '', rest = ''] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? []
    if (!known.has(name)) throw new Error(`The replay does not know this line: ${line}`)
    if (name === 'ARG') {
      const [, key = '', value = ''] = /^(\w+)=(\S+)$/.exec(rest) ?? []
      args.set(key, value)
    } else if (name === 'FROM') {
      const [, base = '', stage = ''] = /^(\S+)(?:\s+AS\s+(\S+))?$/.exec(rest) ?? []
      stages.push({ name: stage, base: base.replace(/\$\{(\w+)\}/g, (_all, key: string) => args.get(key) ?? ''),
        steps: [] })
    } else stages.at(-1)?.steps.push({ name, args: rest })
  }
  return stages
}

export interface Copy {
  readonly from: string | null
  readonly sources: readonly string[]
  readonly to: string
}

export function readCopy (args: string): Copy {
  const words = args.split(/\s+/)
  const from = words[0]?.startsWith('--from=') === true ? words.shift()?.slice('--from='.length) ?? null : null
  if (words.some(word => word.startsWith('--'))) throw new Error(`The replay does not know this COPY: ${args}`)
  return { from, sources: words.slice(0, -1), to: words.at(-1) ?? '' }
}

export function readEnv (args: string): Record<string, string> {
  return Object.fromEntries(
    args.split(/\s+/).map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

/** The exec form, which needs no shell. @throws {SyntaxError} for the shell form */
export function readCommand (args: string): readonly string[] {
  return JSON.parse(args) as string[]
}

/** Options, and the command in exec form. */
export function readHealthcheck (
  args: string,
): { readonly options: Record<string, string>, readonly command: readonly string[] } {
  const [, options = '', command = ''] = /^((?:--\S+\s+)*)CMD\s+(.*)$/.exec(args) ?? []
  return {
    options: Object.fromEntries(
      [...options.matchAll(/--(\S+)=(\S+)/g)].map(([, key = '', value = '']) => [key, value]),
    ),
    command: readCommand(command),
  }
}

function logicalLines (text: string): string[] {
  return text.replaceAll(/\\\n/g, ' ').split('\n').map(line => line.trim()).filter(line =>
    line !== '' && !line.startsWith('#')
  )
}
