// The two secrets that leave this process, told apart by type: a GitHub token goes to GitHub's API host alone, a Copilot
// token to the Copilot hosts alone, and code that mixes them up does not compile.
declare const kind: unique symbol

/** Long-lived, `gho_…` or `ghu_…`. */
export type GitHubToken = string & { readonly [kind]: 'github' }
/** Short-lived, opaque; sent verbatim. */
export type CopilotToken = string & { readonly [kind]: 'copilot' }

export const gitHubTokenForm = /^gh[ou]_[A-Za-z0-9_]{20,251}$/

/** Null for what is no token of a kind that can be exchanged: `ghp_` and `github_pat_` cannot. */
export function readGitHubToken (text: string): GitHubToken | null {
  return gitHubTokenForm.test(text) ? text as GitHubToken : null
}

/** Null for what cannot stand in a header. */
export function readCopilotToken (value: unknown): CopilotToken | null {
  return typeof value === 'string' && /^[\x21-\x7e](?:[\x20-\x7e]{0,8190}[\x21-\x7e])?$/.test(value) ? value as CopilotToken : null
}
