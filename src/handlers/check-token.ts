// Reads and checks a GitHub token that someone wants to link: for a user, and for a further seat of one.
import type { Core } from '../core.ts'
import { GatewayError } from '../errors.ts'
import type { Session } from '../upstream/exchange.ts'
import { readGitHubToken, type GitHubToken } from '../upstream/secrets.ts'

/** @throws {GatewayError} `invalid` */
export function readLinkedToken (text: unknown): GitHubToken {
  const token = typeof text === 'string' ? readGitHubToken(text.trim()) : null
  if (token !== null) return token
  throw new GatewayError('invalid',
    'Invalid token format. Paste a gho_, ghu_ or github_pat_ token, or link GitHub by device flow.')
}

/**
 * Null if GitHub is unreachable: the token then stays unchecked.
 * @throws {GatewayError} `github-rejected`
 */
export async function checkToken (
  { exchange }: Pick<Core, 'exchange'>,
  token: GitHubToken,
  signal: AbortSignal,
): Promise<Session | null> {
  try {
    return await exchange(token, signal)
  } catch (thrown) {
    if (!(thrown instanceof GatewayError)) throw thrown
    if (thrown.code === 'github_token_rejected') throw new GatewayError('github-rejected', thrown.message)
    return null
  }
}
