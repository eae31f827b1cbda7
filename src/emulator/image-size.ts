// Reads the size of an image in pixels from the start of its file: PNG, GIF and JPEG.
export interface PixelSize {
  readonly width: number
  readonly height: number
}

/** Enough for the header of a PNG or GIF, and for a JPEG with metadata of usual length. */
const headChars = 262_144

/** @returns null for other types and for truncated files */
export function sizeOf (base64: string): PixelSize | null {
  const bytes = Buffer.from(base64.slice(0, headChars), 'base64')
  if (bytes.length > 24 && bytes.toString('latin1', 1, 4) === 'PNG') {
    return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) }
  }
  if (bytes.length > 10 && bytes.toString('latin1', 0, 3) === 'GIF') {
    return { width: bytes.readUInt16LE(6), height: bytes.readUInt16LE(8) }
  }
  return bytes.length > 4 && bytes.readUInt16BE(0) === 0xFFD8 ? jpegSize(bytes) : null
}

/** Walks the segments by their lengths, up to the frame that contains the size. */
function jpegSize (bytes: Buffer): PixelSize | null {
  for (let at = 2; at + 9 < bytes.length && bytes[at] === 0xFF;) {
    const marker = bytes[at + 1] ?? 0
    const isFrame = marker >= 0xC0 && marker <= 0xCF && ![0xC4, 0xC8, 0xCC].includes(marker)
    if (isFrame) return { height: bytes.readUInt16BE(at + 5), width: bytes.readUInt16BE(at + 7) }
    at += 2 + bytes.readUInt16BE(at + 2)
  }
  return null
}
