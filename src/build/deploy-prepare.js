// Runs before `wrangler deploy` in the workflow: finds or creates the KV namespace, writes its id into wrangler.json,
// and gives the Worker a pepper if it has none. It upgrades an existing deployment in place, also one of the original
// project: the namespace stays, and while records are sealed with another pepper, no pepper is made or replaced.
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { pepperId } from '../auth/seal.ts'
import { decodeBase64, toBase64Url } from '../bytes.ts'
import { countSealed } from './sealed-records.js'

export const namespaceTitle = 'TOKEN_KV'
export const pepperName = 'SECRET_PEPPER'
const pageSize = 100
/** Cloudflare's error codes for a Worker that does not exist (yet). */
const noSuchWorker = new Set([10_007, 10_090, 10_092])

/**
 * @param {{ baseUrl: string, accountId: string, token: string }} account
 * @param {string} worker its name
 * @param {string | null} given the operator's own pepper; the operator keeps a copy
 * @returns {Promise<{ namespaceId: string, isNewNamespace: boolean, pepper: string | null, origin: 'kept' | 'given' |
 * 'made', others: number }>}
 *   `pepper`: the Worker's new pepper, null if it keeps its own; `others`: records that need yet another pepper
 * @throws {Error} that names the request and its status, or what the operator has to do; never a secret
 */
export async function prepareDeployment (account, worker, given = null) {
  const api = createApi(account)
  // Reads everything before it creates anything.
  const hasPepper = (await secretNames(api, worker)).includes(pepperName)
  const found = await boundNamespace(api, worker) ?? await titledNamespace(api)
  const choice = await choosePepper(hasPepper, given, () => found === null ? new Map() : countSealed(api, found),
    worker)
  const namespaceId = found ?? (await api('POST', '/storage/kv/namespaces', { title: namespaceTitle })).result.id
  return { namespaceId, isNewNamespace: found === null, ...choice }
}

/** @param {() => Promise<Map<string, number>>} readSealed records by the id of their pepper */
async function choosePepper (hasPepper, given, readSealed, worker) {
  const kept = { pepper: null, origin: 'kept', others: 0 }
  if (hasPepper && given === null) return kept
  const id = given === null ? null : await idOf(given)
  const sealed = await readSealed()
  const total = [...sealed.values()].reduce((sum, records) => sum + records, 0)
  const opened = sealed.get(id) ?? 0
  // The Worker's own pepper works. It may be replaced only while no record is sealed with it.
  if (hasPepper) {
    return total === 0 ? { pepper: given, origin: 'given', others: 0 } : { ...kept, others: total - opened }
  }
  if (total === 0) {
    return given === null
      ? { pepper: randomBytes(32).toString('base64'), origin: 'made', others: 0 }
      : { pepper: given, origin: 'given', others: 0 }
  }
  if (opened > 0) return { pepper: given, origin: 'given', others: total - opened }
  throw new Error(
    `The KV namespace holds ${total} ${
      total === 1 ? 'record' : 'records'
    } sealed with a ${pepperName}, and the Worker "${worker}" has none. ${
      given === null ? 'A new one would open none of them' : `The one that was given opens none of them`
    }, so nothing was made or deployed. Add the ${pepperName} of these records as a secret of the GitHub environment `
      + `CLOUDFLARE_API_TOKEN (or: npx wrangler secret put ${pepperName} --name ${worker}) and run this again. If it `
      + 'is lost, the records are lost too: delete the keys of the namespace that begin with "user:", "cred:" and '
      + '"meta:", and let the users register again. More in docs/deployment.md, "Keep the pepper".',
  )
}

async function idOf (given) {
  const bytes = decodeBase64(given.trim())
  if (bytes?.length !== 32) {
    throw new Error(`${pepperName}: 32 bytes as base64, such as "openssl rand -base64 32" gives`)
  }
  return toBase64Url(await pepperId(bytes))
}

/** The namespace of the deployed Worker, whatever its title; null if no Worker is deployed. */
async function boundNamespace (api, worker) {
  const settings = await api('GET', `/workers/scripts/${worker}/settings`, undefined, true)
  return settings?.result?.bindings?.find(({ type, name }) => type === 'kv_namespace' && name === namespaceTitle)
    ?.namespace_id ?? null
}

/** Reads every page. The original read only the first page, and created a second namespace with the same title. */
async function titledNamespace (api) {
  for (let page = 1;; page++) {
    const { result, result_info: info } = await api('GET', `/storage/kv/namespaces?per_page=${pageSize}&page=${page}`)
    const found = result.find(({ title }) => title === namespaceTitle)
    if (found !== undefined) return found.id
    const isLast = info?.total_pages === undefined
      ? result.length < (info?.per_page ?? pageSize)
      : page >= info.total_pages
    if (result.length === 0 || isLast) return null
  }
}

async function secretNames (api, worker) {
  const secrets = await api('GET', `/workers/scripts/${worker}/secrets`, undefined, true)
  return secrets === null ? [] : secrets.result.map(({ name }) => name)
}

function createApi ({ baseUrl, accountId, token }) {
  /** @returns Cloudflare's envelope; null for a missing Worker if `mayBeMissing` */
  return async (method, path, body, mayBeMissing = false) => {
    const response = await globalThis.fetch(`${baseUrl}/accounts/${accountId}${path}`, {
      method,
      redirect: 'error',
      signal: globalThis.AbortSignal.timeout(30_000),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    })
    const answer = await response.json().catch(() => null)
    if (response.ok && answer?.success === true) return answer
    const codes = (answer?.errors ?? []).map(({ code }) => code)
    if (mayBeMissing && response.status === 404 && answer !== null
      && (codes.length === 0 || codes.some(code => noSuchWorker.has(code)))) return null
    // An unreadable list is not an empty list: rather fail the deployment than create a second pepper.
    throw new Error(
      `Cloudflare answered ${method} ${path.split('?')[0]} with ${response.status}${
        codes.length === 0 ? '' : `, code ${codes.join(', ')}`
      }`,
    )
  }
}

/** @param {string} text wrangler.json */
export function withNamespaceId (text, id) {
  const config = JSON.parse(text)
  const binding = config.kv_namespaces.find(({ binding }) => binding === namespaceTitle)
  binding.id = id
  return `${JSON.stringify(config, null, 2)}\n`
}

/** Runs in the workflow. Writes the pepper to a file that only this user can read, and passes its path to wrangler. */
async function main (env) {
  const missing = ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID', 'SECRETS_FILE'].filter(name =>
    (env[name] ?? '') === ''
  )
  if (missing.length > 0) throw new Error(`Not set: ${missing.join(', ')}`)
  const file = env.WRANGLER_CONFIG ?? fileURLToPath(new URL('../../wrangler.json', import.meta.url))
  const text = readFileSync(file, 'utf8')
  const account = { baseUrl: env.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4',
    accountId: env.CLOUDFLARE_ACCOUNT_ID, token: env.CLOUDFLARE_API_TOKEN }
  const given = (env[pepperName] ?? '').trim() || null
  const { namespaceId, isNewNamespace, pepper, origin, others } = await prepareDeployment(account,
    JSON.parse(text).name, given)
  writeFileSync(file, withNamespaceId(text, namespaceId))
  const namespace = isNewNamespace ? 'made' : 'found'
  console.log(`KV namespace ${namespaceTitle}: ${namespace}. ${pepperName}: ${originText[origin]}.`)
  if (others > 0) {
    warn(env, origin === 'kept' && given !== null
      ? `The secret ${pepperName} of the GitHub environment differs from what ${others} records were sealed with. `
        + `The Worker keeps the one it has. To change it, see docs/operations.md, "Rotation of the pepper".`
      : `${others} records need a pepper other than this one: set it as ${pepperName}_PREVIOUS of the Worker.`)
  }
  if (pepper === null) return
  console.log(`::add-mask::${pepper}`)
  writeFileSync(env.SECRETS_FILE, JSON.stringify({ [pepperName]: pepper }), { mode: 0o600, flag: 'wx' })
  if (env.GITHUB_OUTPUT !== undefined) appendFileSync(env.GITHUB_OUTPUT, 'has-secrets=true\n')
  if (origin === 'made') {
    warn(env,
      `This run made ${pepperName}, and there is no copy of it: only the Worker has it, and Cloudflare `
        + `never shows it. Without it no user's record can be opened, so deleting the Worker loses every user. To `
        + `keep a copy, before any user registers: run "openssl rand -base64 32", keep the line in a safe place, add `
        + `it as the secret ${pepperName} to the GitHub environment CLOUDFLARE_API_TOKEN, and run this workflow again. `
        + `More in docs/deployment.md, "Keep the pepper".`)
  }
}

const originText = { kept: 'there already, left as it is', given: 'taken from the secret of the GitHub environment',
  made: 'made' }

/** Warns on the page of the run and in its log. */
function warn (env, message) {
  console.log(`::warning title=${pepperName}::${message}`)
  if (env.GITHUB_STEP_SUMMARY !== undefined) {
    appendFileSync(env.GITHUB_STEP_SUMMARY, `**${pepperName}.** ${message}\n\n`)
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.env).catch(thrown => {
    console.error(thrown.message)
    process.exitCode = 1
  })
}
