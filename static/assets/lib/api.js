// Every call the pages make, answered in one shape, and never by throwing: a page shows what went wrong.

/**
 * @param session `{ username, password }` for routes below a user
 * @returns `{ ok, status, data, state, message, retryAfter }`; status 0 when the proxy did not answer
 */
export async function ask (path, { method = 'GET', body, session, signal } = {}) {
  try {
    const response = await fetch(session ? apiPath(session, path) : path, {
      method, signal, cache: 'no-store', credentials: 'omit',
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...(session ? bearer(session) : {}) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { ok: response.ok, status: response.status, retryAfter: Number(response.headers.get('retry-after')) || null, ...readAnswer(response.status, await response.text()) }
  } catch {
    return { ok: false, status: 0, data: null, state: signal?.aborted ? 'aborted' : 'unreachable', message: 'The proxy does not answer. Is it running, and are you online?', retryAfter: null }
  }
}

export function apiPath ({ username }, path) {
  return `/${encodeURIComponent(username)}/v1${path}`
}

export function bearer ({ password }) {
  return { authorization: `Bearer ${password}` }
}

/** What an answer says of an error, in whichever of the proxy's forms. */
export function readAnswer (status, text) {
  let data = null
  try { data = JSON.parse(text) } catch { /* not JSON: the status has to do */ }
  const error = data?.error
  const message = typeof error?.message === 'string' ? error.message : typeof error === 'string' ? data.error_description ?? error : ''
  const state = typeof data?.status === 'string' ? data.status : typeof error?.code === 'string' ? error.code : typeof error === 'string' ? error : ''
  return { data, state, message: message !== '' ? message : status >= 400 ? `The proxy answered with status ${status}.` : '' }
}
