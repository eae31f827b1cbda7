// Before `wrangler deploy` in the workflow: finds or makes the KV namespace, writes its id into wrangler.json, and makes a
// pepper where the Worker has none. An existing deployment, the original project's too, is upgraded in place: its
// namespace stays, and its pepper is never replaced, for without it no record can be opened.
import { randomBytes } from 'node:crypto'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const namespaceTitle = 'TOKEN_KV'
export const pepperName = 'SECRET_PEPPER'
const pageSize = 100
/** Cloudflare's codes for a Worker that does not exist (yet). */
const noSuchWorker = new Set([10_007, 10_090, 10_092])

/**
 * @param {{ baseUrl: string, accountId: string, token: string }} account
 * @param {string} worker its name
 * @returns {Promise<{ namespaceId: string, isNewNamespace: boolean, pepper: string | null }>} a pepper only where there is none
 * @throws {Error} naming what was asked and the status, never a secret
 */
export async function prepareDeployment (account, worker) {
  const api = createApi(account)
  // Everything is read before anything is made.
  const hasPepper = (await secretNames(api, worker)).includes(pepperName)
  const found = await boundNamespace(api, worker) ?? await titledNamespace(api)
  const namespaceId = found ?? (await api('POST', '/storage/kv/namespaces', { title: namespaceTitle })).result.id
  return { namespaceId, isNewNamespace: found === null, pepper: hasPepper ? null : randomBytes(32).toString('base64') }
}

/** What the deployed Worker uses already, under whatever title; null where nothing is deployed. */
async function boundNamespace (api, worker) {
  const settings = await api('GET', `/workers/scripts/${worker}/settings`, undefined, true)
  return settings?.result?.bindings?.find(({ type, name }) => type === 'kv_namespace' && name === namespaceTitle)?.namespace_id ?? null
}

/** Every page is read: the original read the first only, and made a second namespace of the same title. */
async function titledNamespace (api) {
  for (let page = 1; ; page++) {
    const { result, result_info: info } = await api('GET', `/storage/kv/namespaces?per_page=${pageSize}&page=${page}`)
    const found = result.find(({ title }) => title === namespaceTitle)
    if (found !== undefined) return found.id
    const isLast = info?.total_pages === undefined ? result.length < (info?.per_page ?? pageSize) : page >= info.total_pages
    if (result.length === 0 || isLast) return null
  }
}

async function secretNames (api, worker) {
  const secrets = await api('GET', `/workers/scripts/${worker}/secrets`, undefined, true)
  return secrets === null ? [] : secrets.result.map(({ name }) => name)
}

function createApi ({ baseUrl, accountId, token }) {
  /** @returns Cloudflare's envelope; null for a Worker that does not exist, where that is no error */
  return async (method, path, body, mayBeMissing = false) => {
    const response = await globalThis.fetch(`${baseUrl}/accounts/${accountId}${path}`, {
      method, redirect: 'error', signal: globalThis.AbortSignal.timeout(30_000), headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...body === undefined ? {} : { body: JSON.stringify(body) },
    })
    const answer = await response.json().catch(() => null)
    if (response.ok && answer?.success === true) return answer
    const codes = (answer?.errors ?? []).map(({ code }) => code)
    if (mayBeMissing && response.status === 404 && answer !== null && (codes.length === 0 || codes.some(code => noSuchWorker.has(code)))) return null
    // A list that cannot be read is no list that is empty: better no deployment than a second pepper.
    throw new Error(`Cloudflare answered ${method} ${path.split('?')[0]} with ${response.status}${codes.length === 0 ? '' : `, code ${codes.join(', ')}`}`)
  }
}

/** @param {string} text wrangler.json */
export function withNamespaceId (text, id) {
  const config = JSON.parse(text)
  const binding = config.kv_namespaces.find(({ binding }) => binding === namespaceTitle)
  binding.id = id
  return `${JSON.stringify(config, null, 2)}\n`
}

/** In the workflow. The pepper goes into a file that only this user can read, and to wrangler by its name. */
async function main (env) {
  const missing = ['CLOUDFLARE_API_TOKEN', 'CLOUDFLARE_ACCOUNT_ID', 'SECRETS_FILE'].filter(name => (env[name] ?? '') === '')
  if (missing.length > 0) throw new Error(`Not set: ${missing.join(', ')}`)
  const file = env.WRANGLER_CONFIG ?? fileURLToPath(new URL('../../wrangler.json', import.meta.url))
  const text = readFileSync(file, 'utf8')
  const account = { baseUrl: env.CLOUDFLARE_API_BASE_URL ?? 'https://api.cloudflare.com/client/v4', accountId: env.CLOUDFLARE_ACCOUNT_ID, token: env.CLOUDFLARE_API_TOKEN }
  const { namespaceId, isNewNamespace, pepper } = await prepareDeployment(account, JSON.parse(text).name)
  writeFileSync(file, withNamespaceId(text, namespaceId))
  console.log(`KV namespace ${namespaceTitle}: ${isNewNamespace ? 'made' : 'found'}. ${pepperName}: ${pepper === null ? 'there already, left as it is' : 'made'}.`)
  if (pepper === null) return
  console.log(`::add-mask::${pepper}`)
  writeFileSync(env.SECRETS_FILE, JSON.stringify({ [pepperName]: pepper }), { mode: 0o600, flag: 'wx' })
  if (env.GITHUB_OUTPUT !== undefined) appendFileSync(env.GITHUB_OUTPUT, 'has-secrets=true\n')
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(process.env).catch(thrown => {
    console.error(thrown.message)
    process.exitCode = 1
  })
}
