// The other worker processes of this server, as one of them sees them.
import type { Server } from 'node:http'
import type { Question } from './processes/messages.ts'

export interface Peers {
  /** How many there are, with this one. */
  readonly count: number
  /** The server gets its connections from another process. @returns its address for clients */
  readonly attach: (server: Server) => string
  /** @returns the part of each worker, this one included, and what belongs to none */
  readonly ask: (question: Question) => Promise<readonly string[]>
  /** @param answer gives this worker's part */
  readonly onQuestion: (answer: (question: Question) => Promise<string>) => void
}
