// The bits of a QR code: the text as bytes, and the code words that repair damage. ISO/IEC 18004, byte mode, level M.

/** By version from 1: code words for repair in each block, and blocks. */
const repairWords = [10, 16, 26, 18, 24, 16, 18, 22, 22, 26, 30, 22, 22, 24, 24]
const blockCounts = [1, 1, 1, 2, 2, 4, 4, 4, 5, 5, 5, 8, 9, 9, 10]

/**
 * @param {string} text 412 bytes at most
 * @returns {{ version: number, bits: readonly number[] }} the smallest version that holds it, and its bits in order
 */
export function qrBits (text) {
  const bytes = new TextEncoder().encode(text)
  const version = 1
    + repairWords.findIndex((_, at) => 8 * dataWords(at + 1) >= 4 + lengthBits(at + 1) + 8 * bytes.length)
  if (version === 0) throw new Error('the text is too long for a QR code')
  const words = interleave(
    pad([...toBits(4, 4), ...toBits(bytes.length, lengthBits(version)), ...Array.from(bytes, byte =>
      toBits(byte, 8)).flat()], dataWords(version)),
    version,
  )
  return { version, bits: words.flatMap(word => toBits(word, 8)) }
}

/** @param {number} version */
export function rawBits (version) {
  const align = version < 2 ? 0 : Math.floor(version / 7) + 2
  const patterns = align === 0 ? 0 : (25 * align - 10) * align - 55
  return (16 * version + 128) * version + 64 - patterns - (version >= 7 ? 36 : 0)
}

/** @param {number} version */
function dataWords (version) {
  return Math.floor(rawBits(version) / 8) - (repairWords[version - 1] ?? 0) * (blockCounts[version - 1] ?? 0)
}

/** @param {number} version */
function lengthBits (version) {
  return version < 10 ? 8 : 16
}

/**
 * @param {number} value
 * @param {number} length
 */
function toBits (value, length) {
  return Array.from({ length }, (_, at) => value >> (length - 1 - at) & 1)
}

/**
 * @param {number[]} bits
 * @param {number} length of the words
 */
function pad (bits, length) {
  const all = [...bits, ...Array.from({ length: Math.min(4, 8 * length - bits.length) }, () => 0)]
  while (all.length % 8 !== 0) all.push(0)
  const words = Array.from({ length: all.length / 8 }, (_, at) => parseInt(all.slice(8 * at, 8 * at + 8).join(''), 2))
  for (let filler = 0xec; words.length < length; filler ^= 0xec ^ 0x11) words.push(filler)
  return words
}

/**
 * @param {readonly number[]} data
 * @param {number} version
 */
function interleave (data, version) {
  const [repair, count] = [repairWords[version - 1] ?? 0, blockCounts[version - 1] ?? 1]
  const short = Math.floor(data.length / count)
  const shortBlocks = count - data.length % count
  const blocks = Array.from({ length: count }, (_, at) => {
    const from = at * short + Math.max(0, at - shortBlocks)
    return data.slice(from, from + short + (at >= shortBlocks ? 1 : 0))
  })
  const divisor = generator(repair)
  const repairs = blocks.map(block => remainder(block, divisor))
  return [...columns(blocks, short + 1), ...columns(repairs, repair)]
}

/**
 * @param {ReadonlyArray<readonly number[]>} blocks
 * @param {number} length
 */
function columns (blocks, length) {
  return Array.from({ length }, (_, at) => blocks.flatMap(block => block.slice(at, at + 1))).flat()
}

/**
 * The Reed-Solomon generator, without its leading term.
 * @param {number} degree
 */
function generator (degree) {
  const result = [...Array.from({ length: degree - 1 }, () => 0), 1]
  for (let root = 1, step = 0; step < degree; step++, root = multiply(root, 2)) {
    for (let at = 0; at < degree; at++) result[at] = multiply(result[at] ?? 0, root) ^ (result[at + 1] ?? 0)
  }
  return result
}

/**
 * @param {readonly number[]} data
 * @param {readonly number[]} divisor
 */
function remainder (data, divisor) {
  const result = divisor.map(() => 0)
  for (const word of data) {
    const factor = word ^ (result.shift() ?? 0)
    result.push(0)
    for (const [at, coefficient] of divisor.entries()) result[at] = (result[at] ?? 0) ^ multiply(coefficient, factor)
  }
  return result
}

/**
 * In the field of 256 elements with the polynomial 0x11d.
 * @param {number} x
 * @param {number} y
 */
function multiply (x, y) {
  let product = 0
  for (let bit = 7; bit >= 0; bit--) product = (product << 1) ^ ((product >> 7) * 0x11d) ^ ((y >> bit & 1) * x)
  return product
}
