// The two secrets that leave this process have different types: a GitHub token goes only to GitHub's API host, a
// Copilot token only to the Copilot hosts, and code that mixes them up does not compile. Only `toBearer` turns one into
// the other, for tokens that Copilot accepts directly.
declare const kind: unique symbol

/** Long-lived: `gho_…`, `ghu_…` or `github_pat_…`. */
export type GitHubToken =
  & string
  & { readonly [kind]: 'github' }
/** Short-lived and opaque. Sent unchanged. */
export type CopilotToken = string & { readonly [kind]: 'copilot' }

export const gitHubTokenForm = /^(?:gh[ou]_[A-Za-z0-9_]{20,251}|github_pat_[A-Za-z0-9_]{36,244})$/

/** Null for a token that cannot use Copilot, such as `ghp_` and `ghs_`. */
export function readGitHubToken (text: string): GitHubToken | null {
  return gitHubTokenForm.test(text) ? text as GitHubToken : null
}

/** Null for a value that a header cannot hold. */
export function readCopilotToken (value: unknown): CopilotToken | null {
  return typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/.test(value)
    ? value as CopilotToken
    : null
}

/** A fine-grained personal token: GitHub does not exchange it, and Copilot accepts it directly. */
export function isPersonalToken (token: string): boolean {
  return token.startsWith('github_pat_')
}

export function toBearer (token: GitHubToken): CopilotToken {
  return token as string as CopilotToken
}

/** Whether this is a token of GitHub that was not exchanged. */
export function isDirect (token: CopilotToken): boolean {
  return gitHubTokenForm.test(token)
}
