// Explains why the server cannot listen, and what to do about it.
import type { Config } from '../config.ts'

/** @returns the error itself if there is nothing to add */
export function listenProblem (thrown: unknown, { port, host }: Pick<Config, 'port' | 'host'>): unknown {
  const code = thrown instanceof Error && 'code' in thrown ? thrown.code : undefined
  if (code === 'EADDRINUSE') {
    const find = process.platform === 'win32' ? `netstat -ano | findstr :${port}` : `lsof -i :${port}`
    return new Error(
      `Port ${port} on ${host} is taken (EADDRINUSE). Find the process with "${find}", or choose `
        + `another port: PORT=${port < 65_535 ? port + 1 : 8_787}, in the environment or in .env.`,
      { cause: thrown },
    )
  }
  if (code === 'EACCES') {
    return new Error(
      `Port ${port} on ${host} is not allowed for this user (EACCES). Choose a port above 1023: `
        + `PORT=8787, in the environment or in .env.`,
      { cause: thrown },
    )
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return new Error(`HOST=${host} is no address of this machine (${code}). Use 127.0.0.1, or 0.0.0.0 for all.`, {
      cause: thrown,
    })
  }
  return thrown
}
