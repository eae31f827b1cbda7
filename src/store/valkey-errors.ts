// Explains the errors of Valkey and of its client in one line. The client's own errors contain the command with its
// arguments, and the arguments of AUTH are the password: so none of them is kept as a cause.
import { StoreError } from './store.ts'

/** By the first word of the server's error, https://valkey.io/topics/protocol/#simple-errors */
const replies: Readonly<Record<string, string>> = {
  WRONGPASS: 'Valkey refuses the user name or the password of VALKEY_URL',
  NOAUTH: 'Valkey wants a password: put it into VALKEY_URL',
  NOPERM: 'the user of VALKEY_URL lacks a permission in Valkey',
  OOM: 'Valkey is full: it has reached its maxmemory and refuses writes',
  READONLY: 'Valkey is a replica at the moment and refuses writes',
  LOADING: 'Valkey is loading its data',
  MISCONF: 'Valkey cannot write to its disk and refuses writes',
  MASTERDOWN: 'Valkey is a replica that has lost its primary',
  NOREPLICAS: 'Valkey has too few replicas and refuses writes',
  CLUSTERDOWN: 'the cluster of Valkey is incomplete',
  BUSY: 'a script of another program keeps Valkey busy',
}
/** The server has executed nothing, and may soon. */
const passing = ['READONLY', 'LOADING', 'MASTERDOWN', 'CLUSTERDOWN']
/** What the client says of a command that it has not sent. */
const unsent = /^(?:Stream isn't writeable|Cluster isn't ready)/
/** What the client says of commands whose connection ended before the answer. */
const lost = /^(?:Connection is closed|Reached the max retries|Command aborted|Socket closed|Too many Cluster)/
const certificate = /^(?:.*CERT.*|UNABLE_TO_(?:GET_ISSUER|VERIFY).*|ERR_TLS_CERT.*)$/

export type Fate =
  /** Valkey has not executed the command. */
  | 'unsent'
  /** Unknown whether Valkey has executed it. */
  | 'lost'
  /** Another try would end the same. */
  | 'final'

export function fateOf (thrown: unknown): Fate {
  const { word, message, code } = read(thrown)
  if (passing.includes(word) || unsent.test(message)) return 'unsent'
  return lost.test(message) || /^(?:ECONN|EPIPE)/.test(code) ? 'lost' : 'final'
}

/** @param problem the latest error of the connection, which says more than that a command was not sent */
export function explainValkey (thrown: unknown, problem: unknown = null): StoreError {
  const { word, message, code } = read(thrown)
  const reply = replies[word]
  if (reply !== undefined) return new StoreError(`${reply} (${word})`)
  if (certificate.test(code)) {
    return new StoreError(
      `the certificate of Valkey is not trusted (${code}): name the file of its authority in ` + 'NODE_EXTRA_CA_CERTS',
    )
  }
  if (problem !== null && (fateOf(thrown) !== 'final' || isTimeout(message))) return explainValkey(problem)
  if (isTimeout(message)) return new StoreError('Valkey did not answer in time')
  if (/sentinels? (?:are|is) unreachable/i.test(message)) return new StoreError('no Sentinel could be reached')
  if (word !== '') return new StoreError(`Valkey refused a command (${word})`)
  return new StoreError(`Valkey could not be reached${code === '' ? '' : ` (${code})`}`)
}

function isTimeout (message: string): boolean {
  return /timed? ?out/i.test(message)
}

/** `word`: of an error that the server sent, its first word. */
function read (thrown: unknown): { readonly word: string, readonly message: string, readonly code: string } {
  if (!(thrown instanceof Error)) return { word: '', message: '', code: '' }
  const cluster = 'lastNodeError' in thrown && thrown.lastNodeError instanceof Error ? thrown.lastNodeError : null
  if (cluster !== null) return read(cluster)
  const { name, message } = thrown
  // The client puts its own words in front of the server's.
  const first = /^(?:Ready check failed: |.*Last error: ReplyError: )?([A-Z]{2,}) /.exec(message)?.[1] ?? ''
  const code = 'code' in thrown && typeof thrown.code === 'string' && /^[A-Z_]+$/.test(thrown.code) ? thrown.code : ''
  return { word: name === 'ReplyError' || first in replies ? first : '', message, code }
}
