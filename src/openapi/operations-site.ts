// The operations of pages, accounts and operators.
import { pageSize } from '../handlers/admin.ts'
import type { Operation } from './types.ts'

const formToo = 'As a form or as JSON. Where `Accept` holds `text/html`, every answer is a 303 to `/?status=<state>`.'
const toPage = { says: 'For a form: back to the page, which shows the state.', headers: ['location'] } as const
/** The errors of a record that exists and cannot be opened. */
const sealed = ['pepper_missing', 'record_unreadable'] as const

export const siteOperations = {
  setupPage: { tag: 'Pages', summary: 'The setup page',
    description: 'Registers, links GitHub, shows settings for clients, usage and models.',
    answers: { 200: { says: 'The page.', schema: 'Page', type: 'text/html' } } },
  chatPage: { tag: 'Pages', summary: 'The chat page', description: 'Talks to the models of a seat.',
    answers: { 200: { says: 'The page.', schema: 'Page', type: 'text/html' } } },
  saveUser: {
    tag: 'Account',
    summary: 'Register, or replace the GitHub token',
    description: `${formToo} The password of an existing user is checked before anything else, GitHub included.`,
    body: 'SaveUser',
    isForm: true,
    answers: { 201: { says: 'A new user.', schema: 'Saved' },
      200: { says: 'An existing user with a new token. `saved-unchecked`, here and above: GitHub could not be reached.',
        schema: 'Saved' }, 303: toPage },
    states: ['invalid', 'invalid-username', 'invalid-password', 'auth-failed', 'cross-site', 'github-rejected',
      'rate-limited', 'kv-missing', 'store-unavailable'],
    codes: sealed,
  },
  changePassword: {
    tag: 'Account',
    summary: 'Change the password',
    description: formToo,
    body: 'ChangePassword',
    isForm: true,
    answers: { 200: { says: 'The new password is the only one.', schema: 'Saved' }, 303: toPage },
    states: ['invalid-username', 'invalid-password', 'auth-failed', 'cross-site', 'rate-limited', 'kv-missing',
      'store-unavailable'],
    codes: sealed,
  },
  deleteUser: {
    tag: 'Account',
    summary: 'Delete the user',
    description: formToo,
    body: 'DeleteUser',
    isForm: true,
    answers: { 200: { says: 'All that was stored of the user is gone.', schema: 'Deleted' }, 303: toPage },
    states: ['auth-failed', 'cross-site', 'rate-limited', 'kv-missing', 'store-unavailable'],
    codes: sealed,
  },
  startDeviceFlow: {
    tag: 'Account',
    summary: "Begin GitHub's device flow",
    description: 'The user opens `verification_uri` and types `user_code` there.',
    answers: { 200: { says: 'A code.', schema: 'DeviceCode' } },
    states: ['cross-site', 'rate-limited'],
    codes: ['upstream_error'],
  },
  pollDeviceFlow: {
    tag: 'Account',
    summary: 'Ask whether the device flow is done',
    description: 'Not more often than every `interval` seconds.',
    body: 'DevicePoll',
    answers: {
      200: { says: 'A token that `POST /` takes.', schema: 'DeviceToken' },
      202: { says: '`authorization_pending`: not yet.', schema: 'DeviceState' },
      400: { says: 'Any other answer from GitHub.', schema: 'DeviceState' },
      403: { says: '`access_denied`: the user refused.', schema: 'DeviceState' },
      410: { says: '`expired_token`: begin again.', schema: 'DeviceState' },
      429: { says: '`slow_down`: with a longer `interval`.', schema: 'DeviceState', headers: ['retry-after'] },
    },
    states: ['cross-site', 'rate-limited'],
    codes: ['upstream_error'],
  },
  getHealth: { tag: 'Operations', summary: 'Does the process live?', description: 'Asks nobody.',
    answers: { 200: { says: 'It does.', schema: 'Health' } } },
  getReadiness: {
    tag: 'Operations',
    summary: 'Can it serve?',
    description: 'Checks the store, at most every 30 s.',
    answers: { 200: { says: 'It can.', schema: 'Readiness' },
      503: { says: 'It cannot, and `status` says why.', schema: 'Readiness' } },
  },
  getOpenApi: { tag: 'Operations', summary: 'This document',
    description: 'Made from the table of routes; the same on every deployment of a version.',
    answers: { 200: { says: 'OpenAPI 3.1.', schema: 'Document' } } },
  listUsers: {
    tag: 'Operations',
    summary: 'List the users',
    description: 'Names and days, no secrets.',
    query: { after: { description: 'The last name of the page before.', schema: { type: 'string' } },
      limit: { description: 'The size of a page.',
        schema: { type: 'integer', minimum: 1, maximum: pageSize.most, default: pageSize.usual } } },
    answers: { 200: { says: 'One page of users, by name.', schema: 'Users' } },
    codes: ['store_unavailable'],
  },
  expelUser: {
    tag: 'Operations',
    summary: 'Delete a user as the operator',
    description: 'The remedy for a lost password. Later requests of the user are refused.',
    answers: { 200: { says: 'All that was stored of the user is gone.', schema: 'Expelled' } },
    codes: ['not_found', 'store_unavailable'],
  },
  getMetrics: {
    tag: 'Operations',
    summary: 'Counters and timings',
    description: 'For Prometheus. On Node only.',
    answers: { 200: { says: 'Text.', schema: 'Metrics', type: 'text/plain' } },
  },
} as const satisfies Readonly<Record<string, Operation>>
