// What a service worker has and a page does not, as far as ours uses it; and the facts that the build puts in.

export interface WorkerEvent extends Event {
  waitUntil(work: Promise<unknown>): void
}
interface RequestEvent extends WorkerEvent {
  readonly request: Request
  respondWith(response: Promise<Response>): void
}
interface FilesEvent extends WorkerEvent {
  readonly data: unknown
}
export interface WorkerScope {
  readonly location: Location
  readonly clients: { claim(): Promise<void> }
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void
  addEventListener(type: 'message', listener: (event: FilesEvent) => void): void
}

declare global {
  /** Changes with every file of the pages. */
  const VERSION: string
  /** By the page's address: the module that its HTML of this version names. */
  const PAGES: Readonly<Record<string, string>>
  /** What these pages load at once. */
  const FILES: readonly string[]
}
