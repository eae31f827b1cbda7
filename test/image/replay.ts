// Replays the Dockerfile in empty directories, because there is no engine here. Three things differ from an engine, and
// no others: `npm ci` becomes a link to the packages that are already installed; `/data` is a separate folder below the
// image's root, made by the same line; and Node is a copy of the one that runs the test, where the base image has its
// own.
import { execFile } from 'node:child_process'
import { chmod, chown, copyFile, cp, mkdir, mkdtemp, readFile, readdir, rm, stat, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { readCommand, readCopy, readDockerfile, readEnv, readHealthcheck, type Instruction,
  type Stage } from './dockerfile.ts'

const run = promisify(execFile)
const context = fileURLToPath(new URL('../../', import.meta.url))
/** The user `node` of the base image. Only root can become another user; anyone else runs it as themselves. */
export const user = process.getuid?.() === 0 ? { uid: 1000, gid: 1000 } : {}

export interface Image {
  /** The folder that replaces `/` of the image. */
  readonly root: string
  readonly workdir: string
  readonly bases: readonly string[]
  readonly env: Readonly<Record<string, string>>
  readonly user: string
  readonly command: readonly string[]
  readonly health: ReturnType<typeof readHealthcheck>
  /** The bytes that COPY brought into the last stage. */
  readonly layerBytes: number
  readonly remove: () => Promise<void>
}

export async function replay (): Promise<Image> {
  const home = await mkdtemp(join(tmpdir(), 'copilot-proxy-image-'))
  await chmod(home, 0o755)
  const stages = readDockerfile(await readFile(join(context, 'Dockerfile'), 'utf8'))
  const ignored = (await readFile(join(context, '.dockerignore'), 'utf8')).split('\n').filter(line => line !== '')
  if (ignored.some(line => /[*!?#]/.test(line))) {
    throw new Error('The replay reads plain paths in .dockerignore, and no patterns.')
  }
  const roots = new Map<string, string>()
  let last: Image | undefined
  for (const [at, stage] of stages.entries()) {
    const root = join(home, stage.name === '' ? `stage-${at}` : stage.name)
    roots.set(stage.name, root)
    last = await play(stage, root, { roots, ignored, home, bases: stages.map(({ base }) => base) })
  }
  if (last === undefined) throw new Error('The Dockerfile has no stage.')
  await freeze(join(last.root, last.workdir))
  return last
}

interface World {
  readonly roots: ReadonlyMap<string, string>
  readonly ignored: readonly string[]
  readonly home: string
  readonly bases: readonly string[]
}

async function play (stage: Stage, root: string, { roots, ignored, home, bases }: World): Promise<Image> {
  const state = { env: {} as Record<string, string>, workdir: '/', user: 'root', command: [] as readonly string[],
    health: null as Image['health'] | null, layerBytes: 0 }
  const node = join(root, 'usr/local/bin/node')
  await mkdir(dirname(node), { recursive: true })
  await copyFile(process.execPath, node)
  const steps: Record<string, (args: string) => Promise<void>> = {
    WORKDIR: async args => {
      await mkdir(join(root, state.workdir = args), { recursive: true })
    },
    ENV: async args => {
      Object.assign(state.env, readEnv(args))
    },
    USER: async args => {
      state.user = args
    },
    CMD: async args => {
      state.command = readCommand(args)
    },
    HEALTHCHECK: async args => {
      state.health = readHealthcheck(args)
    },
    VOLUME: async () => {},
    EXPOSE: async () => {},
    RUN: async args => playRun(args, root, join(root, state.workdir), state.env),
    async COPY (args) {
      const { from, sources, to } = readCopy(args)
      for (const source of sources) {
        state.layerBytes += await copy(source, from === null ? { context: ignored } : { root: roots.get(from) ?? '' },
          resolve(join(root, state.workdir), to), to.endsWith('/') || sources.length > 1)
      }
    },
  }
  for (const { name, args } of stage.steps) await stepOf(steps, name)(args)
  const { health, ...rest } = state
  return { root, bases, ...rest, health: health ?? { options: {}, command: [] }, remove: () => clear(home) }
}

function stepOf (
  steps: Record<string, (args: string) => Promise<void>>,
  name: Instruction['name'],
): (args: string) => Promise<void> {
  const step = steps[name]
  if (step === undefined) throw new Error(`The replay cannot play ${name}.`)
  return step
}

async function playRun (line: string, root: string, cwd: string, env: Record<string, string>): Promise<void> {
  const folder = /^install -d -o node -g node -m (0\d{3}) \/(\w+)$/.exec(line)
  if (folder !== null) {
    const path = join(root, folder[2] ?? '')
    await mkdir(path)
    await chmod(path, Number.parseInt(folder[1] ?? '', 8))
    if (user.uid !== undefined) await chown(path, user.uid, user.gid)
  } else if (line === 'npm ci --ignore-scripts') await symlink(join(context, 'node_modules'), join(cwd, 'node_modules'))
  else {await run('/bin/sh', ['-c', line], { cwd,
      env: { ...env, PATH: `${join(root, 'usr/local/bin')}:/usr/bin:/bin` } })}
}

/** @returns the number of copied bytes */
async function copy (
  source: string,
  from: { readonly context: readonly string[] } | { readonly root: string },
  to: string,
  isInto: boolean,
): Promise<number> {
  const isContext = 'context' in from
  const path = isContext ? join(context, source) : join(from.root, source)
  const isWanted = (entry: string) =>
    !isContext
    || !from.context.some(line =>
      relative(context, entry) === line || relative(context, entry).startsWith(`${line}/`)
    )
  const target = isInto ? join(to, basename(source)) : to
  await cp(path, target, { recursive: true, filter: isWanted })
  return sizeOf(target)
}

export async function sizeOf (path: string): Promise<number> {
  const { size } = await stat(path)
  if (!(await stat(path)).isDirectory()) return size
  const sizes = await Promise.all((await readdir(path)).map(name => sizeOf(join(path, name))))
  return sizes.reduce((sum, one) => sum + one, 0)
}

/** Read-only files cannot be deleted either, except by root. */
async function clear (path: string): Promise<void> {
  await run('chmod', ['-R', 'u+w', path])
  await rm(path, { recursive: true, force: true })
}

/** A read-only root: no user may write, not even its owner. */
async function freeze (path: string): Promise<void> {
  await run('chmod', ['-R', 'a-w', path])
}
