import { execFile } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import t from 'tap'
// @ts-expect-error plain JavaScript, because the workflow runs it without a build
import { prepareDeployment as untyped } from '../../src/build/deploy-prepare.js'
import { sealRecord } from '../../src/auth/sealed-record.ts'
import { pepperId } from '../../src/auth/seal.ts'
import { decodeBase64 } from '../../src/bytes.ts'
import { token } from '../unit/helpers/process.ts'
import { account, startFakeCloudflare, workerName } from './fake-cloudflare.ts'

interface Prepared {
  readonly namespaceId: string
  readonly isNewNamespace: boolean
  readonly pepper: string | null
  readonly origin: 'kept' | 'given' | 'made'
  readonly others: number
}
const prepareDeployment = untyped as (
  of: { baseUrl: string, accountId: string, token: string },
  worker: string,
  given?: string | null,
) => Promise<Prepared>
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url))

const fake = await startFakeCloudflare()
t.teardown(() => fake.close())
t.beforeEach(() => {
  fake.namespaces.length = 0
  fake.records.clear()
  fake.worker = null
  fake.fault = null
  fake.calls.length = 0
})
const prepare = (given?: string) => prepareDeployment({ ...account, baseUrl: fake.baseUrl }, workerName, given)
/** A record as the proxy writes it. */
const sealedWith = async (pepper: string | null, username = 'mona') => {
  const secret = pepper === null ? null : decodeBase64(pepper)
  const { value } = await sealRecord(username, 'acpc-AAAAAAAAAA', token, { iterations: 10_000,
    pepper: secret === null ? null : { secret, id: await pepperId(secret) } })
  return value
}

void t.test('prepareDeployment() finds the namespace titled TOKEN_KV on any page of the list', async t => {
  for (const at of [0, 99, 100, 249]) {
    fake.namespaces.length = 0
    fake.namespaces.push(
      ...Array.from({ length: 250 }, (_, n) => ({ id: `id-${n}`, title: n === at ? 'TOKEN_KV' : `other-${n}` })),
    )
    t.match(await prepare(), { namespaceId: `id-${at}`, isNewNamespace: false })
  }
  t.notOk(fake.calls.some(call => call.startsWith('POST')), 'nothing is created')
})

void t.test('prepareDeployment() creates the namespace once if no page has it', async t => {
  for (const others of [0, 100, 205]) {
    fake.namespaces.length = 0
    fake.namespaces.push(...Array.from({ length: others }, (_, n) => ({ id: `id-${n}`, title: `token_kv-${n}` })))
    t.match(await prepare(), { namespaceId: `made-${others}`, isNewNamespace: true })
    t.match(await prepare(), { namespaceId: `made-${others}`, isNewNamespace: false })
  }
})

void t.test('prepareDeployment() keeps the namespace that the deployed Worker has, whatever its title', async t => {
  fake.namespaces.push({ id: 'titled', title: 'TOKEN_KV' })
  fake.worker = {
    bindings: [{ type: 'plain_text', name: 'TOKEN_KV' }, { type: 'kv_namespace', name: 'TOKEN_KV',
      namespace_id: 'in-use' }],
    secrets: [],
  }
  t.match(await prepare(), { namespaceId: 'in-use', isNewNamespace: false })
  fake.worker = { bindings: [], secrets: [] }
  t.match(await prepare(), { namespaceId: 'titled', isNewNamespace: false })
})

void t.test('prepareDeployment() creates a pepper if there is none, and never another', async t => {
  const first = (await prepare()).pepper
  t.equal(Buffer.from(first ?? '', 'base64').length, 32)
  t.not((await prepare()).pepper, first, 'random')
  fake.worker = { bindings: [], secrets: ['ADMIN_TOKEN'] }
  t.ok((await prepare()).pepper)
  fake.worker = { bindings: [], secrets: ['ADMIN_TOKEN', 'SECRET_PEPPER'] }
  t.equal((await prepare()).pepper, null)
})

void t.test('L4: no pepper is created if records are sealed with another one; the error explains the fix', async t => {
  fake.namespaces.push({ id: 'titled', title: 'TOKEN_KV' })
  const [pepper, another] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
  for (let user = 0; user < 1_203; user++) {
    fake.records.set(`user:old-${String(user).padStart(4, '0')}`, `cred:old-${user}:acpc-AAAAAAAAAA:gho_x`)
  }
  t.match(await prepare(), { origin: 'made', pepper: String }, "the original project's records need none")
  fake.records.set('user:unpeppered', await sealedWith(null, 'unpeppered'))
  t.match(await prepare(), { origin: 'made' }, 'nor do records that were sealed without one')
  fake.records.set('user:zoe', await sealedWith(pepper, 'zoe'))
  fake.calls.length = 0
  const refusal = (given?: string) => prepare(given).then(() => 'no error', (thrown: Error) => thrown.message)
  t.match(await refusal(),
    new RegExp(
      '^The KV namespace holds 1 record sealed with a SECRET_PEPPER, and the Worker "copilot-proxy-clouflare" '
        + 'has none\\. A new one would open none of them, so nothing was made or deployed\\. Add the SECRET_PEPPER of '
        + 'these records as a secret of the GitHub environment.*npx wrangler secret put SECRET_PEPPER --name '
        + 'copilot-proxy-clouflare.*If it is lost',
    ))
  t.match(await refusal(another), /The one that was given opens none of them/)
  t.notOk((await refusal(another)).includes(another))
  t.strictSame(fake.calls.filter(call => call.startsWith('POST') && !call.endsWith('/bulk/get')), [],
    'nothing is created')
  t.match(await prepare(pepper), { origin: 'given', pepper, others: 0 }, 'the pepper of the sealed records is used')
  fake.records.set('user:ada', await sealedWith(another, 'ada'))
  t.match(await prepare(pepper), { origin: 'given', pepper, others: 1 })
  fake.records.clear()
  fake.records.set('user:odd', '{"v":2}')
  t.match(await refusal(), /holds 1 record sealed/, 'a record that does not name its pepper may need one')
  for (const path of [/keys$/, /bulk\/get$/]) {
    fake.fault = { path, status: 500 }
    t.match(await refusal(), /^Cloudflare answered (?:GET|POST) \/storage\S+ with 500/, String(path))
  }
})

void t.test("L4: the operator's own pepper is used while nothing is sealed, and never replaces one in use", async t => {
  fake.namespaces.push({ id: 'titled', title: 'TOKEN_KV' })
  const [own, used] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')]
  t.match(await prepare(own), { pepper: own, origin: 'given' }, 'first deployment')
  fake.worker = { bindings: [], secrets: ['SECRET_PEPPER'] }
  t.match(await prepare(own), { pepper: own, origin: 'given' },
    'it replaces one from an earlier run, before any registration')
  fake.records.set('user:mona', await sealedWith(used))
  t.match(await prepare(own), { pepper: null, origin: 'kept', others: 1 })
  t.match(await prepare(used), { pepper: null, origin: 'kept', others: 0 })
  t.match(await prepare(), { pepper: null, origin: 'kept', others: 0 })
  for (const wrong of ['short', Buffer.alloc(31).toString('base64'), 'not base64 at all !']) {
    await t.rejects(prepare(wrong), { message: /^SECRET_PEPPER: 32 bytes as base64/ })
  }
})

void t.test('prepareDeployment() stops unless Cloudflare reports clearly that nothing exists', async t => {
  fake.worker = { bindings: [], secrets: ['SECRET_PEPPER'] }
  const faults = [{ status: 500 }, { status: 403, code: 10_000 }, { status: 404, code: 7_003 }, { status: 429,
    code: 971 }, { status: 200, body: '<html>' }]
  for (const where of [/secrets$/, /settings$/, /namespaces$/]) {
    for (const fault of faults) {
      fake.fault = { path: where, ...fault }
      const message = await prepare().then(() => 'no error', (thrown: Error) => thrown.message)
      t.match(message, /^Cloudflare answered GET \/\S+ with \d{3}/, `${where} ${JSON.stringify(fault)}`)
      t.notOk(message.includes(account.token))
    }
  }
  t.notOk(fake.calls.some(call => call.startsWith('POST')), 'nothing is created')
})

void t.test('deploy-prepare.js writes the id to wrangler.json, and a new pepper for wrangler alone', async t => {
  const dir = mkdtempSync(join(tmpdir(), 'deploy-prepare-'))
  t.teardown(() => {
    rmSync(dir, { recursive: true })
  })
  const config = join(dir, 'wrangler.json')
  const secretsFile = join(dir, 'secrets.json')
  const output = join(dir, 'output')
  const summary = join(dir, 'summary')
  const run = (env: Record<string, string>) =>
    new Promise<{ code: number, out: string }>(resolve => {
      execFile(process.execPath, [path('src/build/deploy-prepare.js')], {
        env: { ...env, PATH: process.env['PATH'] ?? '' },
        timeout: 20_000,
      }, (error, stdout, stderr) =>
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: stdout + stderr }))
    })
  const env = { CLOUDFLARE_API_TOKEN: account.token, CLOUDFLARE_ACCOUNT_ID: account.accountId,
    CLOUDFLARE_API_BASE_URL: fake.baseUrl, SECRETS_FILE: secretsFile, WRANGLER_CONFIG: config, GITHUB_OUTPUT: output }

  copyFileSync(path('wrangler.json'), config)
  t.match(await run({ ...env, GITHUB_STEP_SUMMARY: summary }), { code: 0,
    out: /KV namespace TOKEN_KV: made\. SECRET_PEPPER: made\./ })
  t.match(readFileSync(summary, 'utf8'),
    /This run made SECRET_PEPPER, and there is no copy of it[^]*openssl rand -base64 32[^]*Keep the pepper/,
    'L4: the output explains how to keep one')
  t.match(JSON.parse(readFileSync(config, 'utf8')), { name: workerName,
    kv_namespaces: [{ binding: 'TOKEN_KV', id: 'made-0' }], vars: { KDF_ITERATIONS: '10000' } })
  const pepper = (JSON.parse(readFileSync(secretsFile, 'utf8')) as { SECRET_PEPPER: string }).SECRET_PEPPER
  t.equal(Buffer.from(pepper, 'base64').length, 32)
  t.equal(statSync(secretsFile).mode & 0o777, 0o600)
  t.equal(readFileSync(output, 'utf8'), 'has-secrets=true\n')

  rmSync(secretsFile)
  fake.worker = { bindings: [], secrets: ['SECRET_PEPPER'] }
  t.match(await run(env), { code: 0,
    out: /KV namespace TOKEN_KV: found\. SECRET_PEPPER: there already, left as it is\./ })
  t.notOk(existsSync(secretsFile))

  fake.worker = null
  const pepperOfOperator = randomBytes(32).toString('base64')
  const { out: quiet } = await run({ ...env, SECRET_PEPPER: `${pepperOfOperator}\n` })
  t.match(quiet, /SECRET_PEPPER: taken from the secret of the GitHub environment\./)
  t.notMatch(quiet, /::warning/)
  t.strictSame(JSON.parse(readFileSync(secretsFile, 'utf8')), { SECRET_PEPPER: pepperOfOperator })
  rmSync(secretsFile)
  fake.records.set('user:mona', await sealedWith(randomBytes(32).toString('base64')))
  t.match(await run(env), { code: 1, out: /^The KV namespace holds 1 record sealed/ })
  t.notOk(existsSync(secretsFile))

  const { code, out } = await run({ ...env, CLOUDFLARE_API_TOKEN: '' })
  t.equal(code, 1)
  t.match(out, /^Not set: CLOUDFLARE_API_TOKEN\n$/)
})

void t.test('deploy.yml pins its actions, has minimal permissions, and deploys under the original name', async t => {
  const text = readFileSync(path('.github/workflows/deploy.yml'), 'utf8')
  const uses = [...text.matchAll(/uses: (\S+)/g)].map(([, action]) => action)
  t.ok(uses.length > 0 && uses.every(action => /^[\w-]+\/[\w-]+@[0-9a-f]{40}$/.test(action ?? '')), uses.join(' '))
  t.match(text, /permissions:\n +contents: read\n/)
  t.match(text, /environment: CLOUDFLARE_API_TOKEN\n/)
  t.match(text, `wrangler deploy --name ${workerName}`)
  t.equal((JSON.parse(readFileSync(path('wrangler.json'), 'utf8')) as { name: string }).name, workerName)
})
