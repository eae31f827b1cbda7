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
  skipWaiting(): Promise<void>
  addEventListener(type: 'install' | 'activate', listener: (event: WorkerEvent) => void): void
  addEventListener(type: 'fetch', listener: (event: RequestEvent) => void): void
  addEventListener(type: 'message', listener: (event: FilesEvent) => void): void
}

declare global {
  /** Changes with every file of the pages. */
  const VERSION: string
  /** The address of the page that opens without the server. */
  const PAGE: string
  /** The module that its HTML of this version names. */
  const MODULE: string
  /** What the page loads at once. */
  const FILES: readonly string[]
}
