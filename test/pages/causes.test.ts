// Every error code of the proxy has a cause on the pages: who failed, and where that is known what to do.
import t from 'tap'
import { statusOf, statusOfState, upstreamStatusOf } from '../../src/errors.ts'

const path: string = '../../static/assets/lib/causes.js'
interface Failed {
  readonly status: number
  readonly state: string
  readonly message: string
  readonly retryAfter: number | null
}
const { causeOf, explain } = await import(path) as {
  causeOf: (answer: Failed) => { who: string, advice: string | null },
  explain: (answer: Failed) => string,
}
const failed = (status: number, state: string, message = 'It failed.', retryAfter: number | null = null): Failed => ({
  status,
  state,
  message,
  retryAfter,
})

t.test('each failure that is not the fault of the request names who failed', async t => {
  const all = Object.entries({ ...statusOf, ...statusOfState, ...upstreamStatusOf })
  for (const [code, status] of all) {
    const { who } = causeOf(failed(status, code))
    if (status >= 500) t.ok(['github', 'copilot', 'server'].includes(who), `${code}: ${who}`)
    t.not(who, 'between', code)
    t.not(who, 'network', code)
  }
  t.match(causeOf(failed(402, 'insufficient_quota')), { who: 'copilot', advice: 'cause.quota' })
  t.match(causeOf(failed(403, 'github_token_rejected')), { who: 'github' })
  t.match(causeOf(failed(422, 'github-rejected')), { who: 'github' })
  t.match(causeOf(failed(429, 'rate_limited')), { who: 'server' })
  t.match(causeOf(failed(429, 'rate_limited', 'GitHub limits how often this account may ask.')), { who: 'github' })
  t.match(causeOf(failed(502, 'upstream_error', 'GitHub cannot be reached.')), { who: 'github' })
  t.match(causeOf(failed(502, 'upstream_error', 'Copilot failed with status 500.')), { who: 'copilot' })
  t.match(causeOf(failed(0, 'unreachable')), { who: 'network' })
  t.match(causeOf(failed(0, 'foreign')), { who: 'between' })
  t.match(causeOf(failed(502, '')), { who: 'between' }, 'an error page of something else')
  t.match(causeOf(failed(418, 'new_code')), { who: 'request' })
  t.match(causeOf(failed(500, 'new_code')), { who: 'server' })
})

t.test('one text: the name once, what happened, and what to do or how long to wait', async t => {
  t.equal(explain(failed(502, 'upstream_error', 'GitHub cannot be reached')),
    'GitHub cannot be reached. Try again in a moment; githubstatus.com shows whether GitHub has trouble.')
  t.equal(explain(failed(503, 'store_unavailable', 'The store does not answer.', 5)),
    'This server: The store does not answer. Try again in 5 seconds.')
  t.equal(explain(failed(429, 'rate-limited', 'Too many attempts.', 120)),
    'This server: Too many attempts. Try again in 2 min.')
  t.equal(explain(failed(400, 'invalid_request', '`name` is too long.')), '`name` is too long.')
})
