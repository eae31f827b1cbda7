// The operations of the operator.
import { pageSize } from '../handlers/admin.ts'
import { usageDays, type Operation } from './types.ts'

export const adminOperations = {
  openOperatorSession: {
    tag: 'Operations',
    summary: "Sign the operator's page in",
    description: 'Sets a cookie for `/admin` that scripts cannot read, for 12 hours at most.',
    body: 'AdminSignIn',
    answers: { 200: { says: 'Signed in.', schema: 'AdminSession', headers: ['set-cookie'] } },
    states: ['cross-site'],
    codes: ['invalid_api_key', 'rate_limited', 'store_unavailable'],
  },
  closeOperatorSession: {
    tag: 'Operations',
    summary: "Sign the operator's page out",
    description: 'Also if its session has ended already.',
    answers: { 200: { says: 'Signed out.', schema: 'SignedOut', headers: ['set-cookie'] } },
    states: ['cross-site'],
    codes: ['store_unavailable'],
  },
  getStatus: {
    tag: 'Operations',
    summary: 'Store, upstream hosts, registration, version',
    description: 'Asks the hosts at most every 30 s, without credentials.',
    answers: { 200: { says: 'The state of this process.', schema: 'Status' } },
  },
  listUsers: {
    tag: 'Operations',
    summary: 'List the users',
    description: 'Names and days of users and keys, no secrets.',
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
  getUsageOfAll: {
    tag: 'Operations',
    summary: 'Usage by user and model',
    description: 'Of the kept days, `USAGE_DAYS`; the last 30 without `from` and `to`.',
    query: usageDays,
    answers: { 200: { says: 'A row for each user and model.', schema: 'UsageOfAll' } },
  },
  listInvites: {
    tag: 'Operations',
    summary: 'List the open invites',
    description: 'Without their codes.',
    answers: { 200: { says: 'The oldest first.', schema: 'Invites' } },
    codes: ['store_unavailable'],
  },
  createInvite: {
    tag: 'Operations',
    summary: 'Create an invite',
    description: 'Its code lets one person register, also where registration is closed: `/#invite=<code>`.',
    body: 'NewInvite',
    answers: { 201: { says: 'The code, this once.', schema: 'CreatedInvite' } },
    codes: ['invite_limit', 'store_unavailable'],
  },
  deleteInvite: {
    tag: 'Operations',
    summary: 'Revoke an invite',
    description: 'Its code no longer works.',
    answers: { 200: { says: 'Revoked.', schema: 'KeyDeleted' } },
    codes: ['not_found', 'store_unavailable'],
  },
  listErrors: {
    tag: 'Operations',
    summary: 'The last warnings and errors',
    description: '200 at most, of this process. No content of requests.',
    answers: { 200: { says: 'The newest first.', schema: 'RecentErrors' } },
  },
  downloadBackup: {
    tag: 'Operations',
    summary: 'Download a copy of the store',
    description: 'With `STORE=sqlite` only; 404 elsewhere.',
    answers: { 200: { says: 'A SQLite file.', schema: 'Backup', type: 'application/vnd.sqlite3' } },
    codes: ['not_found', 'overloaded', 'store_unavailable'],
  },
  getMetrics: {
    tag: 'Operations',
    summary: 'Counters and timings',
    description: 'For Prometheus. On Node only.',
    answers: { 200: { says: 'Text.', schema: 'Metrics', type: 'text/plain' } },
  },
} as const satisfies Readonly<Record<string, Operation>>
