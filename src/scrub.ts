// What may stand in a log line of either runtime. Only fields that were named are written, and what an error says passes
// a filter that knows what secrets look like: the last resort, not the rule. A leaf.

const secrets = /gh[a-z]_\w+|github_pat_\w+|acpc-\w{10}|tid=[^\s"]+|Bearer \S+|token gh\S+/g

export function scrub (text: string): string {
  return text.replaceAll(secrets, '[secret]')
}

/** Type, message and stack of what was thrown, and the same of the causes behind it, three deep. */
export function scrubError (thrown: unknown, depth = 0): object {
  if (!(thrown instanceof Error)) return { message: scrub(String(thrown)).slice(0, 1_000) }
  const code = 'code' in thrown && typeof thrown.code === 'string' ? { code: thrown.code } : {}
  return {
    type: thrown.name, ...code, message: scrub(thrown.message).slice(0, 1_000), stack: scrub(thrown.stack ?? '').slice(0, 4_000),
    ...(thrown.cause === undefined || depth > 2 ? {} : { cause: scrubError(thrown.cause, depth + 1) }),
  }
}
