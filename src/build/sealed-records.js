// Counts which peppers sealed the users' records in a KV namespace. The deployment counts before it makes or changes a
// pepper: a record opens only with the pepper that sealed it.
const keysPerCall = 1_000
/** The most values that Cloudflare returns in one call. */
const valuesPerCall = 100

/**
 * @param {(method: string, path: string, body?: object) => Promise<any>} api Cloudflare's API below the account
 * @param {string} namespaceId
 * @returns {Promise<Map<string, number>>} records by the id of their pepper; `unreadable` for those without a readable
 * id.
 *   Records without a pepper and those of the original project are not counted: any pepper can seal them.
 */
export async function countSealed (api, namespaceId) {
  const counts = new Map()
  for (let cursor = '';;) {
    const { result: keys, result_info: info } = await api('GET',
      `/storage/kv/namespaces/${namespaceId}/keys?prefix=user%3A&limit=${keysPerCall}${
        cursor === '' ? '' : `&cursor=${encodeURIComponent(cursor)}`
      }`)
    for (let at = 0; at < keys.length; at += valuesPerCall) {
      const names = keys.slice(at, at + valuesPerCall).map(({ name }) => name)
      const { result: { values } } = await api('POST', `/storage/kv/namespaces/${namespaceId}/bulk/get`, {
        keys: names,
      })
      for (const name of names) {
        const id = pepperIdOf(values[name] ?? null)
        if (id !== null) counts.set(id, (counts.get(id) ?? 0) + 1)
      }
    }
    cursor = info?.cursor ?? ''
    if (cursor === '') return counts
  }
}

/** Null for a record that needs no pepper, and for one that was deleted meanwhile. */
function pepperIdOf (value) {
  if (value === null || value.startsWith('cred:')) return null
  try {
    const { pid } = JSON.parse(value)
    return pid === null || typeof pid === 'string' ? pid : 'unreadable'
  } catch {
    return 'unreadable'
  }
}
