// Asks all workers for their part of an answer. One that does not answer in time counts with what it answered last.
import type { Question } from './messages.ts'

export interface Asked {
  readonly collect: (id: number, question: Question) => void
  /** Its last answers. */
  readonly last: Map<Question, string>
}

export interface Collector<W extends Asked> {
  readonly ask: (workers: readonly W[], question: Question) => Promise<readonly string[]>
  readonly answered: (worker: W, id: number, text: string) => void
  /** The worker will not answer any more. */
  readonly gone: (worker: W) => void
}

interface Round<W> {
  readonly question: Question
  readonly open: Set<W>
  readonly done: () => void
}

export function createCollector<W extends Asked> (longestMs = 1_000): Collector<W> {
  const rounds = new Map<number, Round<W>>()
  let ids = 0
  const close = (round: Round<W>, worker: W): void => {
    if (round.open.delete(worker) && round.open.size === 0) round.done()
  }
  return {
    async ask (workers, question) {
      const id = ids++
      await new Promise<void>(resolve => {
        if (workers.length === 0) return void resolve()
        const timer = setTimeout(resolve, longestMs)
        rounds.set(id, { question, open: new Set(workers), done () {
          clearTimeout(timer)
          resolve()
        } })
        for (const worker of workers) worker.collect(id, question)
      })
      rounds.delete(id)
      return workers.map(({ last }) => last.get(question)).filter(text => text !== undefined)
    },
    answered (worker, id, text) {
      const round = rounds.get(id)
      if (round === undefined) return
      worker.last.set(round.question, text)
      close(round, worker)
    },
    gone (worker) {
      for (const round of rounds.values()) close(round, worker)
    },
  }
}
