// Reads the workflows, because nothing here runs them: pinned actions, minimal permissions, and a time limit.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { parse } from 'yaml'

interface Step {
  readonly name?: string
  readonly id?: string
  readonly uses?: string
  readonly run?: string
  readonly with?: Readonly<Record<string, string | number | boolean>>
  readonly env?: Readonly<Record<string, string>>
}
interface Job {
  readonly permissions?: Readonly<Record<string, string>>
  readonly 'timeout-minutes'?: number
  readonly 'runs-on'?: string
  readonly uses?: string
  readonly steps?: readonly Step[]
  readonly strategy?: { readonly matrix: { readonly node: readonly number[] } }
  readonly needs?: string | readonly string[]
  readonly environment?: string
  readonly if?: string
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>
  readonly permissions?: unknown
  readonly concurrency?: { readonly group: string, readonly 'cancel-in-progress'?: boolean | string }
  readonly jobs: Readonly<Record<string, Job>>
}

const folder = '.github/workflows'
const texts = new Map(readdirSync(folder).map(name => [name, readFileSync(join(folder, name), 'utf8')]))
const workflows = new Map([...texts].map(([name, text]) => [name, parse(text) as Workflow]))
const jobs = [...workflows].flatMap(([file, { jobs }]) =>
  Object.entries(jobs).map(([name, job]) => ({ where: `${file} ${name}`, job }))
)
const stepsOf = (file: string, job: string): readonly Step[] => workflows.get(file)?.jobs[job]?.steps ?? []
const runsOf = (file: string, job: string): string => stepsOf(file, job).map(({ run = '' }) => run).join('\n')

t.test('there is a workflow for each promise', async t => {
  t.strictSame([...texts.keys()].sort(), ['audit.yml', 'ci.yml', 'clients.yml', 'deploy.yml', 'image.yml',
    'release.yml'])
})

t.test('every action is pinned by its commit, with the version in a comment, the same everywhere', async t => {
  const uses = [...texts].flatMap(([file, text]) =>
    [...text.matchAll(/uses:\s*(.+)$/gm)].map(([, what = '']) => ({ file, what }))
  )
  const pins = uses.filter(({ what }) => !what.startsWith('./'))
  t.strictSame(pins.filter(({ what }) => !/^[\w.-]+\/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/.test(what)), [])
  const byAction = new Map<string, Set<string>>()
  for (const { what } of pins) {
    byAction.set(what.split('@')[0] ?? '', (byAction.get(what.split('@')[0] ?? '') ?? new Set()).add(what))
  }
  t.strictSame([...byAction.values()].filter(found => found.size > 1), [])
  t.strictSame(uses.filter(({ what }) => what.startsWith('./') && !texts.has(what.split('/').at(-1) ?? '')), [])
})

t.test('no workflow has permissions, each job names its own, and only publishing jobs may write', async t => {
  t.strictSame(
    [...workflows].filter(([, { permissions }]) => JSON.stringify(permissions) !== '{}').map(([file]) => file),
    [],
  )
  t.strictSame(jobs.filter(({ job }) => job.permissions === undefined).map(({ where }) => where), [])
  const writes = jobs.flatMap(({ where, job }) =>
    Object.entries(job.permissions ?? {}).filter(([, right]) => right === 'write').map(([name]) => `${where}: ${name}`)
  )
  t.strictSame(writes, ['ci.yml image: packages', 'ci.yml image: id-token', 'ci.yml image: attestations',
    'clients.yml report: contents', 'clients.yml report: pull-requests', 'clients.yml report: issues',
    'image.yml publish: packages', 'image.yml publish: id-token', 'image.yml publish: attestations',
    'release.yml npm: id-token', 'release.yml image: packages', 'release.yml image: id-token',
    'release.yml image: attestations', 'release.yml github: contents'])
})

t.test('every job has a time limit and a fixed machine, and no two runs disturb each other', async t => {
  t.strictSame(
    jobs.filter(({ job }) =>
      job.uses === undefined && !((job['timeout-minutes'] ?? 0) > 0 && /^ubuntu-\d/.test(job['runs-on'] ?? ''))
    ).map(({ where }) => where),
    [],
  )
  t.strictSame([...workflows].filter(([, { concurrency }]) => concurrency === undefined).map(([file]) => file), [])
})

t.test('no checkout keeps its credentials, no script contains an expression, no foreign code gets secrets', async t => {
  const steps = jobs.flatMap(({ where, job }) => (job.steps ?? []).map(step => ({ where, step })))
  t.strictSame(
    steps.filter(({ step }) =>
      step.uses?.startsWith('actions/checkout@') === true && step.with?.['persist-credentials'] !== false
    ).map(({ where }) => where),
    [],
  )
  t.strictSame(steps.filter(({ step }) => step.run?.includes('${{') === true).map(({ where }) => where), [])
  t.strictSame(
    [...workflows].filter(([, { on }]) => 'pull_request_target' in on || 'workflow_run' in on).map(([file]) => file),
    [],
  )
  for (const [file, job] of [['deploy.yml', 'deploy'], ['release.yml', 'npm']] as const) {
    t.match(runsOf(file, job), /npm ci --ignore-scripts/, `${file} runs no install scripts`)
  }
})

t.test('L5: nothing is published or deployed before every test has passed', async t => {
  const triggers = [...workflows].filter(([, { on }]) => 'push' in on).map(([file]) => file)
  t.strictSame(triggers, ['ci.yml', 'release.yml'], 'no other workflow starts on a push')
  t.strictSame(Object.keys(workflows.get('image.yml')?.on ?? {}), ['workflow_call'],
    'nor is an image published by hand')
  t.strictSame(Object.keys(workflows.get('deploy.yml')?.on ?? {}), ['workflow_call', 'workflow_dispatch'])
  const callers = jobs.filter(({ job }) => job.uses !== undefined)
  t.strictSame(callers.map(({ where, job }) => `${where} ${job.uses}`), ['ci.yml image ./.github/workflows/image.yml',
    'ci.yml deploy ./.github/workflows/deploy.yml', 'release.yml image ./.github/workflows/image.yml'])
  const ci = workflows.get('ci.yml')?.jobs ?? {}
  const tests = Object.entries(ci).filter(([, { uses }]) => uses === undefined).map(([name]) => name)
  t.ok(tests.length >= 4)
  for (const name of ['image', 'deploy']) {
    t.strictSame(ci[name]?.needs, tests, `${name} waits for every test of CI`)
    t.equal(ci[name]?.if, "github.event_name == 'push'", `${name}: not for a pull request`)
  }
  t.strictSame(workflows.get('ci.yml')?.on['push'], { branches: ['main'] })
  t.equal(workflows.get('ci.yml')?.concurrency?.['cancel-in-progress'], "${{ github.event_name == 'pull_request' }}",
    'and no newer push cancels a publication')
})

t.test('a change has to pass lint, types, the suite on both Nodes, the real clients and the container', async t => {
  t.strictSame(workflows.get('ci.yml')?.jobs['suite']?.strategy?.matrix.node, [22, 24])
  t.match(runsOf('ci.yml', 'suite'), /npm test/)
  t.match(runsOf('ci.yml', 'style'), /npm run lint\nnpm run typecheck/)
  t.match(runsOf('ci.yml', 'clients'), /npm run test:clients/)
  t.match(runsOf('ci.yml', 'container'), /docker compose --profile caddy --profile demo up/)
})

t.test('the image is built on a digest and published with an SBOM and provenance', async t => {
  const build = stepsOf('image.yml', 'publish').find(({ id }) => id === 'build')
  t.match(build?.with, { push: true, sbom: true, provenance: 'mode=max',
    'build-args': 'BASE=${{ steps.names.outputs.base }}' })
  t.match(runsOf('image.yml', 'publish'), /sha256:\[0-9a-f\]\{64\}/, 'and fails if there is no digest')
  t.match(readFileSync('Dockerfile', 'utf8'), /^ARG BASE=\S+\n[^]*^FROM \$\{BASE\} AS build$[^]*^FROM \$\{BASE\}$/m,
    'which both stages use')
})

t.test('a release is checked first; it is npm with provenance, the image, and a page with the changelog', async t => {
  const release = workflows.get('release.yml')?.jobs ?? {}
  t.strictSame([release['npm']?.needs, release['image']?.needs, release['github']?.needs], ['check', 'check', ['npm',
    'image']])
  t.match(runsOf('release.yml', 'check'), /CHANGELOG\.md[^]*npm test\nnpm audit --omit=dev/)
  t.match(runsOf('release.yml', 'npm'), /npm publish --provenance/)
  t.match(runsOf('release.yml', 'github'), /npm sbom[^]*gh release create/)
})

t.test('dependencies are audited every week, and new versions wait a week before they are offered', async t => {
  t.match(workflows.get('audit.yml')?.on, { schedule: [{ cron: /^\d+ \d+ \* \* \d$/ }] })
  t.match(runsOf('audit.yml', 'audit'), /npm audit --omit=dev\nnpm audit signatures/)
  const { updates } = parse(readFileSync('.github/dependabot.yml', 'utf8')) as {
    updates: ReadonlyArray<{ 'package-ecosystem': string, cooldown: { 'default-days': number } }>,
  }
  t.strictSame(updates.map(update => [update['package-ecosystem'], update.cooldown['default-days']]), [['npm', 7], [
    'github-actions',
    7,
  ], ['docker', 7], ['docker-compose', 7]])
})

t.test('newer clients are tried on a schedule: a pull request pins them, or an issue names the broken one', async t => {
  const { on, jobs = {} } = workflows.get('clients.yml') ?? {}
  t.match(on, { schedule: [{ cron: /^\d+ \d+ \* \* [\d,]+$/ }] })
  t.match(runsOf('clients.yml', 'find'), /node test\/clients\/newest\.mjs/)
  t.match(runsOf('clients.yml', 'try'), /--package-lock-only[^]*\nnpm run test:clients/)
  t.strictSame(jobs['report']?.needs, ['find', 'try'])
  t.match(runsOf('clients.yml', 'report'), /--package-lock-only --ignore-scripts[^]*gh pr create[^]*gh issue create/)
  t.notMatch(runsOf('clients.yml', 'report'), /npm (?:ci|run)/, 'where it may write, no code of a client runs')
})
