// Wraps a store during a migration: waits when the store limits the rate, and for `--dry-run` drops all writes.
import { listKeys } from '../../auth/user-list.ts'
import { StoreError, type Store } from '../../store/store.ts'

interface Patience {
  readonly wait: (ms: number) => Promise<void>
  readonly note: (line: string) => void
}

const tries = 3
/** Cloudflare blocks for five minutes after 1,200 calls in five minutes. */
const longestWaitSeconds = 330

/** If the store asks to repeat a call later, repeats it then. Other failures pass. */
export function withPatience (store: Store, { wait, note }: Patience): Store {
  const patiently = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let tried = 1;; tried++) {
      try {
        return await work()
      } catch (thrown) {
        const seconds = thrown instanceof StoreError ? thrown.retryAfterSeconds : undefined
        if (seconds === undefined || seconds > longestWaitSeconds || tried >= tries) throw thrown
        note(`The store asks to wait ${seconds} s; waiting.`)
        await wait(seconds * 1_000 + 500)
      }
    }
  }
  return {
    kind: store.kind,
    get: key => patiently(() => store.get(key)),
    set: (key, value, expiresAt) => patiently(() => store.set(key, value, expiresAt)),
    create: (key, value) => patiently(() => store.create(key, value)),
    delete: key => patiently(() => store.delete(key)),
    // A listing that broke off cannot continue; it has to start over.
    async *keys (prefix) {
      yield* await patiently(() => listKeys(store, prefix))
    },
    close: () => store.close(),
    ...store.usage === undefined ? {} : { usage: store.usage },
  }
}

/** Passes reads, drops writes. */
export function withoutWrites (store: Store): Store {
  return {
    kind: store.kind,
    get: key => store.get(key),
    set: async () => {},
    create: async key => await store.get(key) === null,
    delete: async () => {},
    keys: prefix => store.keys(prefix),
    close: () => store.close(),
    ...store.usage === undefined
      ? {}
      : { usage: { ...store.usage, add: async () => null, delete: async () => {}, expire: async () => false } },
  }
}
