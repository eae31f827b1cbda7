// What has to happen when a request ends. A class: a request with a closure among its properties stays in memory until
// V8's next full collection (test/bench/notes.md).

export interface RequestEnd {
  /** Calls a function when the reply has been sent, or its client has left. At once if that was before. */
  readonly add: (run: () => void) => void
}

export class PendingEnd implements RequestEnd {
  readonly #runs: Array<() => void> = []
  #isOver = false

  add (run: () => void): void {
    if (this.#isOver) run()
    else this.#runs.push(run)
  }

  /** Calls all functions. Only the first call counts. @returns whether this was the first */
  finish (): boolean {
    if (this.#isOver) return false
    this.#isOver = true
    for (const run of this.#runs) run()
    return true
  }
}
