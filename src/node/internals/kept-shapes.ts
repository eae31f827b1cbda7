// Keeps empty objects that have the shapes (V8's "maps", hidden classes) of a request's objects.
//
// Why: V8 forgets a shape when a full collection of garbage finds no object of it, and then throws away all compiled
// code that knows it. While no request is in flight, this is true of Node's, Fastify's, undici's and our own objects:
// such a collection cost 230 functions, which the next requests compiled again. Now it costs 55 (test/bench/notes.md).
// Relies on: objects of one class have one shape if they got the same keys in the same order; the order of
// `Reflect.ownKeys`; which arguments Fastify's and undici's constructors take.
// Check: an error of such a constructor has no further effect. The tests compare the shapes.
// Without it: V8 compiles the code again after such a collection.
// Remove: when V8 keeps the shapes that its compiled code knows, as its flag `--retain-maps-for-n-gc` promises.
import { hash } from 'node:crypto'
import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import type { FastifyReply, FastifyRequest } from 'fastify'
import type { Dispatcher } from 'undici'

/** How many are kept of each kind, which are the last ones: streams and whole answers differ, for example. */
const forms = 4
/** One object of so many is imitated, for as long as the process runs: shapes change. */
const oneOf = 256

export interface KeptShapes {
  /** Whether the next object of the kind is one to imitate. To be called once for each. */
  readonly isDue: () => boolean
  /** @param imitate makes objects that have the shapes of a real one and of what belongs to it, and none of its data */
  readonly keep: (imitate: () => readonly object[]) => void
  readonly kept: ReadonlyArray<readonly object[]>
}

export function createKeptShapes (every = oneOf): KeptShapes {
  const kept: Array<readonly object[]> = []
  let counted = 0
  let made = 0
  return {
    kept,
    isDue: () => counted++ % every === 0,
    keep (imitate) {
      try {
        kept[made++ % forms] = imitate()
      } catch { /* Another version of Node, Fastify or undici, or a request in another state. */ }
    },
  }
}

/**
 * Gives a new object the keys that a used one of its class has besides.
 * @param first keys that the used one got before any symbol; its symbols come next, and then the rest
 */
function addKeys<T extends object> (imitation: T, object: T, first?: readonly string[]): T {
  // Of an object's own keys, those that are symbols come last, whenever they were added.
  const symbols = first === undefined ? [] : Object.getOwnPropertySymbols(object)
  for (const key of [...first ?? [], ...symbols, ...Reflect.ownKeys(object)]) {
    if (!Object.hasOwn(imitation, key)) Reflect.set(imitation, key, emptied(Reflect.get(object, key)))
  }
  return imitation
}

function emptied (value: unknown): unknown {
  if (typeof value === 'string') return ''
  if (typeof value === 'number') return 0
  return typeof value === 'boolean' || value === undefined ? value : null
}

const usualName = new RegExp(
  '^(?:accept(?:-encoding|-language)?|anthropic-(?:beta|version)|(?:x-)?api-key|authorization|connection|cookie|host|'
    + 'content-(?:length|type)|origin|referer|sec-fetch-mode|session_id|transfer-encoding|user-agent|x-app|x-real-ip|'
    + 'x-forwarded-(?:for|host|proto)|x-goog-api-key|x-session-affinity|'
    + 'x-stainless-(?:arch|helper-method|lang|os|package-version|retry-count|runtime|runtime-version|timeout))$',
)

type Class<T extends object, Args extends unknown[]> = new(...args: Args) => T

/** What Node and Fastify make for each request. */
export function imitateRequest (
  request: FastifyRequest,
  reply: FastifyReply,
): { readonly request: FastifyRequest, readonly reply: FastifyReply } {
  const socket = addKeys(new Socket(), request.raw.socket)
  for (const part of ['_events', '_writableState']) {
    addKeys(Reflect.get(socket, part) as object, Reflect.get(request.raw.socket, part) as object)
  }
  const raw = addKeys(new IncomingMessage(socket), request.raw)
  const response = addKeys(new ServerResponse(raw), reply.raw, ['_maxRequestsPerSocket'])
  const OwnRequest = request.constructor as Class<FastifyRequest, [string, object, IncomingMessage, object, null, null]>
  const OwnReply = reply.constructor as Class<FastifyReply, [object, FastifyRequest, null]>
  const own = addKeys(new OwnRequest('', {}, raw, {}, null, null), request)
  // The shape of the headers is that of their names. A client may send a secret as a name.
  const names = Object.keys(request.raw.headers)
  if (names.every(name => usualName.test(name))) raw.headers = Object.fromEntries(names.map(name => [name, '']))
  // Buffers that Node makes in C++, such as a short body, have a shape of their own.
  own.body = hash('sha1', '', 'buffer')
  return { request: own, reply: addKeys(new OwnReply(response, own, null), reply) }
}

/** Undici's own request: it tells when it makes one. Null if it made none at once. */
export function requestMadeBy (dispatch: () => void): object | null {
  let made: object | null = null
  const take = (message: unknown): void => {
    made ??= (message as { readonly request: object }).request
  }
  subscribe(createdChannel, take)
  try {
    dispatch()
  } finally {
    unsubscribe(createdChannel, take)
  }
  return made
}
const createdChannel = 'undici:request:create'

/** What undici makes for each request. */
export function imitateUpstream (
  request: object,
  controller: Dispatcher.DispatchController,
  handler: Dispatcher.DispatchHandler,
): object[] {
  const Controller = controller.constructor as Class<object, [() => void]>
  const Request = request.constructor as Class<object, [string, object, Dispatcher.DispatchHandler]>
  const options = { path: '/', method: 'POST', headers: [], body: Buffer.alloc(1) }
  return [handler, addKeys(new Controller(() => {}), controller),
    addKeys(new Request('http://localhost', options, handler), request)]
}
