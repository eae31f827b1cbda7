// Bytes that are compared eight at a time.

/** Bytes, and a view of the same bytes. */
export interface Words {
  readonly bytes: Uint8Array
  readonly view: DataView
}

export function toWords (bytes: Uint8Array): Words {
  return { bytes, view: new DataView(bytes.buffer, bytes.byteOffset, bytes.length) }
}

/**
 * Whether both have the same bytes from `at` and from `from` on. Eight bytes are compared as one floating point number,
 * because no integer of that size is as fast in JavaScript. A pattern that is no number equals nothing, so such bytes
 * count as different. The two zeros, which are equal, do not occur in text.
 */
export function isSameAt (
  view: DataView,
  at: number,
  { bytes, view: other }: Words,
  from: number,
  length: number,
): boolean {
  if (at + length > view.byteLength) return false
  const last = length - 8
  for (let by = 0; by < last; by += 8) {
    if (view.getFloat64(at + by, true) !== other.getFloat64(from + by, true)) return false
  }
  // May compare some bytes twice.
  if (last >= 0) return view.getFloat64(at + last, true) === other.getFloat64(from + last, true)
  for (let by = 0; by < length; by++) if (view.getUint8(at + by) !== bytes[from + by]) return false
  return true
}
