// How many bytes of the write under way the kernel has not taken yet.
//
// Why: a client that reads slowly is not a client that reads nothing. Node counts whole writes only, and one write may
// be megabytes long.
// Relies on: `_handle.writeQueueSize` of a socket, which libuv keeps current.
// Check: the property is a number.
// Without it: 0, so that only whole writes count as progress; a client must then read one write within the limit.
// Remove: when a socket tells how much of its queue the kernel has taken.
import type { Socket } from 'node:net'

export function unsentBytes (socket: Socket): number {
  const { _handle: handle } = socket as unknown as { readonly _handle?: { readonly writeQueueSize?: unknown } | null }
  return typeof handle?.writeQueueSize === 'number' ? handle.writeQueueSize : 0
}
