import { execFile } from 'node:child_process'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
// @ts-expect-error plain JavaScript, for the workflow runs it without a build
import { prepareDeployment as untyped } from '../../src/build/deploy-prepare.js'
import { account, startFakeCloudflare, workerName } from './fake-cloudflare.ts'

interface Prepared { readonly namespaceId: string, readonly isNewNamespace: boolean, readonly pepper: string | null }
const prepareDeployment = untyped as (of: { baseUrl: string, accountId: string, token: string }, worker: string) => Promise<Prepared>
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const fake = await startFakeCloudflare()
t.teardown(() => fake.close())
t.beforeEach(() => {
  fake.namespaces.length = 0
  fake.worker = null
  fake.fault = null
  fake.calls.length = 0
})
const prepare = () => prepareDeployment({ ...account, baseUrl: fake.baseUrl }, workerName)

void t.test('prepareDeployment() finds the namespace titled TOKEN_KV on whatever page it stands', async t => {
  for (const at of [0, 99, 100, 249]) {
    fake.namespaces.length = 0
    fake.namespaces.push(...Array.from({ length: 250 }, (_, n) => ({ id: `id-${n}`, title: n === at ? 'TOKEN_KV' : `other-${n}` })))
    t.match(await prepare(), { namespaceId: `id-${at}`, isNewNamespace: false })
  }
  t.notOk(fake.calls.some(call => call.startsWith('POST')), 'nothing is made')
})

void t.test('prepareDeployment() makes the namespace where no page has it, once', async t => {
  for (const others of [0, 100, 205]) {
    fake.namespaces.length = 0
    fake.namespaces.push(...Array.from({ length: others }, (_, n) => ({ id: `id-${n}`, title: `token_kv-${n}` })))
    t.match(await prepare(), { namespaceId: `made-${others}`, isNewNamespace: true })
    t.match(await prepare(), { namespaceId: `made-${others}`, isNewNamespace: false })
  }
})

void t.test('prepareDeployment() keeps the namespace that the deployed Worker has, whatever its title', async t => {
  fake.namespaces.push({ id: 'titled', title: 'TOKEN_KV' })
  fake.worker = { bindings: [{ type: 'plain_text', name: 'TOKEN_KV' }, { type: 'kv_namespace', name: 'TOKEN_KV', namespace_id: 'in-use' }], secrets: [] }
  t.match(await prepare(), { namespaceId: 'in-use', isNewNamespace: false })
  fake.worker = { bindings: [], secrets: [] }
  t.match(await prepare(), { namespaceId: 'titled', isNewNamespace: false })
})

void t.test('prepareDeployment() makes a pepper where there is none, and never another', async t => {
  const first = (await prepare()).pepper
  t.equal(Buffer.from(first ?? '', 'base64').length, 32)
  t.not((await prepare()).pepper, first, 'random')
  fake.worker = { bindings: [], secrets: ['ADMIN_TOKEN'] }
  t.ok((await prepare()).pepper)
  fake.worker = { bindings: [], secrets: ['ADMIN_TOKEN', 'SECRET_PEPPER'] }
  t.equal((await prepare()).pepper, null)
})

void t.test('prepareDeployment() stops where Cloudflare does not say clearly that there is nothing', async t => {
  fake.worker = { bindings: [], secrets: ['SECRET_PEPPER'] }
  const faults = [{ status: 500 }, { status: 403, code: 10_000 }, { status: 404, code: 7_003 }, { status: 429, code: 971 }, { status: 200, body: '<html>' }]
  for (const where of [/secrets$/, /settings$/, /namespaces$/]) {
    for (const fault of faults) {
      fake.fault = { path: where, ...fault }
      const message = await prepare().then(() => 'no error', (thrown: Error) => thrown.message)
      t.match(message, /^Cloudflare answered GET \/\S+ with \d{3}/, `${where} ${JSON.stringify(fault)}`)
      t.notOk(message.includes(account.token))
    }
  }
  t.notOk(fake.calls.some(call => call.startsWith('POST')), 'nothing is made')
})

void t.test('deploy-prepare.js writes the id into wrangler.json and a new pepper where only wrangler reads it', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'deploy-prepare-'))
  t.teardown(() => { rmSync(dir, { recursive: true }) })
  const config = join(dir, 'wrangler.json')
  const secretsFile = join(dir, 'secrets.json')
  const output = join(dir, 'output')
  const run = (env: Record<string, string>) => new Promise<{ code: number, out: string }>(resolve => {
    execFile(process.execPath, [path('src/build/deploy-prepare.js')], { env: { ...env, PATH: process.env['PATH'] ?? '' }, timeout: 20_000 }, (error, stdout, stderr) => resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }))
  })
  const env = { CLOUDFLARE_API_TOKEN: account.token, CLOUDFLARE_ACCOUNT_ID: account.accountId, CLOUDFLARE_API_BASE_URL: fake.baseUrl, SECRETS_FILE: secretsFile, WRANGLER_CONFIG: config, GITHUB_OUTPUT: output }

  copyFileSync(path('wrangler.json'), config)
  t.match(await run(env), { code: 0, out: /KV namespace TOKEN_KV: made\. SECRET_PEPPER: made\./ })
  t.match(JSON.parse(readFileSync(config, 'utf8')), { name: workerName, kv_namespaces: [{ binding: 'TOKEN_KV', id: 'made-0' }], vars: { KDF_ITERATIONS: '10000' } })
  const pepper = (JSON.parse(readFileSync(secretsFile, 'utf8')) as { SECRET_PEPPER: string }).SECRET_PEPPER
  t.equal(Buffer.from(pepper, 'base64').length, 32)
  t.equal(statSync(secretsFile).mode & 0o777, 0o600)
  t.equal(readFileSync(output, 'utf8'), 'has-secrets=true\n')

  rmSync(secretsFile)
  fake.worker = { bindings: [], secrets: ['SECRET_PEPPER'] }
  t.match(await run(env), { code: 0, out: /KV namespace TOKEN_KV: found\. SECRET_PEPPER: there already, left as it is\./ })
  t.notOk(existsSync(secretsFile))

  const { code, out } = await run({ ...env, CLOUDFLARE_API_TOKEN: '' })
  t.equal(code, 1)
  t.match(out, /^Not set: CLOUDFLARE_API_TOKEN\n$/)
})

void t.test('deploy.yml pins its actions, asks for no more than it needs, and deploys under the original name', async t => {
  const text = readFileSync(path('.github/workflows/deploy.yml'), 'utf8')
  const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
  t.ok(uses.length > 0 && uses.every(action => /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action ?? '')), uses.join(' '))
  t.match(text, /permissions:\n +contents: read\n/)
  t.match(text, /environment: CLOUDFLARE_API_TOKEN\n/)
  t.match(text, `wrangler deploy --name ${workerName}`)
  t.equal((JSON.parse(readFileSync(path('wrangler.json'), 'utf8')) as { name: string }).name, workerName)
})
