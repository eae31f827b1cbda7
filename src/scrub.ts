// Filters the log lines of both runtimes. Code names each field that it logs, and every error message passes a filter
// that recognises secrets, as the last resort. A leaf.

const secrets =
  /gh[a-z]_\w+|github_pat_\w+|acpc-\w{10}|acp[ksi]-\w{8}-\w{32}|acpo-\w{40}|tid=[^\s"]+|Bearer \S+|token gh\S+/g

export function scrub (text: string): string {
  return text.replaceAll(secrets, '[secret]')
}

/** Type, message and stack of the error and of up to three nested causes. */
export function scrubError (thrown: unknown, depth = 0): object {
  if (!(thrown instanceof Error)) return { message: scrub(String(thrown)).slice(0, 1_000) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {}
  return {
    type: thrown.name,
    ...code,
    message: scrub(thrown.message).slice(0, 1_000),
    stack: scrub(thrown.stack ?? '').slice(0, 4_000),
    ...(thrown.cause === undefined || depth > 2 ? {} : { cause: scrubError(thrown.cause, depth + 1) }),
  }
}
