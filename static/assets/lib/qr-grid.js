// The grid of a QR code: patterns, the bits between them, and the mask. ISO/IEC 18004.
import { qrBits } from './qr-bits.js'

/** @typedef {boolean[][]} Grid rows of modules; true is dark */

/** @type {ReadonlyArray<(x: number, y: number) => boolean>} */
const masks = [(x, y) => (x + y) % 2 === 0, (_, y) => y % 2 === 0, x => x % 3 === 0, (x, y) => (x + y) % 3 === 0,
  (x, y) => (Math.floor(x / 3) + Math.floor(y / 2)) % 2 === 0, (x, y) => x * y % 2 + x * y % 3 === 0,
  (x, y) => (x * y % 2 + x * y % 3) % 2 === 0, (x, y) => ((x + y) % 2 + x * y % 3) % 2 === 0]

/**
 * @param {string} text
 * @returns {Grid} with the mask that a scanner reads best
 */
export function qrGrid (text) {
  const { version, bits } = qrBits(text)
  const grids = masks.map((mask, at) => draw(version, bits, mask, at))
  return grids.toSorted((a, b) => penalty(a) - penalty(b))[0] ?? []
}

/**
 * @param {number} version
 * @param {readonly number[]} bits
 * @param {(x: number, y: number) => boolean} mask
 * @param {number} maskNumber
 * @returns {Grid}
 */
function draw (version, bits, mask, maskNumber) {
  const size = 17 + 4 * version
  /** Undefined where a bit belongs. @type {Array<Array<boolean | undefined>>} */
  const grid = Array.from({ length: size }, () => Array.from({ length: size }, () => undefined))
  /** @type {(x: number, y: number, isDark: boolean) => void} */
  const set = (x, y, isDark) => {
    const row = grid[y]
    if (row !== undefined && x >= 0 && x < size) row[x] = isDark
  }
  for (let at = 0; at < size; at++) {
    set(6, at, at % 2 === 0)
    set(at, 6, at % 2 === 0)
  }
  for (const [x, y] of /** @type {const} */ ([[3, 3], [size - 4, 3], [3, size - 4]])) ring(set, x, y, 4)
  const places = alignments(version, size)
  for (const [i, x] of places.entries()) {
    for (const [j, y] of places.entries()) {
      const isCorner = (i === 0 && j === 0) || (i === 0 && j === places.length - 1)
        || (i === places.length - 1 && j === 0)
      if (!isCorner) ring(set, x, y, 2)
    }
  }
  drawFormat(set, size, maskNumber)
  if (version >= 7) drawVersion(set, size, version)
  drawBits(grid, bits, mask)
  return grid.map(row => row.map(module => module === true))
}

/**
 * A finder (radius 4, with its white border) or an alignment pattern (radius 2).
 * @param {(x: number, y: number, isDark: boolean) => void} set
 * @param {number} x
 * @param {number} y
 * @param {number} radius
 */
function ring (set, x, y, radius) {
  for (let dy = -radius; dy <= radius; dy++) {
    for (let dx = -radius; dx <= radius; dx++) {
      const distance = Math.max(Math.abs(dx), Math.abs(dy))
      set(x + dx, y + dy, radius === 4 ? distance !== 2 && distance !== 4 : distance !== 1)
    }
  }
}

/**
 * @param {number} version
 * @param {number} size
 */
function alignments (version, size) {
  if (version === 1) return []
  const count = Math.floor(version / 7) + 2
  const step = Math.ceil((size - 13) / (2 * count - 2)) * 2
  return [6, ...Array.from({ length: count - 1 }, (_, at) => size - 7 - step * (count - 2 - at))]
}

/**
 * @param {(x: number, y: number, isDark: boolean) => void} set
 * @param {number} size
 * @param {number} mask
 */
function drawFormat (set, size, mask) {
  // Level M is 0.
  const code = withRemainder(mask, 10, 0x537) ^ 0x5412
  /** @param {number} at */
  const bit = at => (code >> at & 1) === 1
  for (let at = 0; at < 6; at++) set(8, at, bit(at))
  set(8, 7, bit(6))
  set(8, 8, bit(7))
  set(7, 8, bit(8))
  for (let at = 9; at < 15; at++) set(14 - at, 8, bit(at))
  for (let at = 0; at < 8; at++) set(size - 1 - at, 8, bit(at))
  for (let at = 8; at < 15; at++) set(8, size - 15 + at, bit(at))
  set(8, size - 8, true)
}

/**
 * @param {(x: number, y: number, isDark: boolean) => void} set
 * @param {number} size
 * @param {number} version
 */
function drawVersion (set, size, version) {
  const code = withRemainder(version, 12, 0x1f25)
  for (let at = 0; at < 18; at++) {
    const [far, near, isDark] = [size - 11 + at % 3, Math.floor(at / 3), (code >> at & 1) === 1]
    set(far, near, isDark)
    set(near, far, isDark)
  }
}

/**
 * @param {number} value
 * @param {number} length of the remainder, in bits
 * @param {number} divisor
 */
function withRemainder (value, length, divisor) {
  let rest = value
  for (let step = 0; step < length; step++) rest = (rest << 1) ^ ((rest >> (length - 1)) * divisor)
  return value << length | rest
}

/**
 * In columns of two from the right, up and down in turn, around what is drawn already.
 * @param {Array<Array<boolean | undefined>>} grid
 * @param {readonly number[]} bits
 * @param {(x: number, y: number) => boolean} mask
 */
function drawBits (grid, bits, mask) {
  const size = grid.length
  let next = 0
  for (let pair = 0; pair < (size - 1) / 2; pair++) {
    const right = size - 1 - 2 * pair - (size - 1 - 2 * pair <= 6 ? 1 : 0)
    for (let step = 0; step < size; step++) {
      const y = pair % 2 === 0 ? size - 1 - step : step
      for (const x of [right, right - 1]) {
        const row = grid[y]
        if (row === undefined || row[x] !== undefined) continue
        row[x] = (bits[next++] === 1) !== mask(x, y)
      }
    }
  }
}

/**
 * What makes a code hard to read: long runs, blocks, shapes like a finder, too much of one colour.
 * @param {Grid} grid
 */
function penalty (grid) {
  const lines = [...grid, ...grid.map((_, x) => grid.map(row => row[x] === true))].map(line =>
    line.map(module => module ? '1' : '0').join('')
  )
  const runs = lines.flatMap(line => line.match(/0{5,}|1{5,}/g) ?? []).reduce((sum, run) => sum + run.length - 2, 0)
  const finders = lines.flatMap(line => line.match(/(?=10111010000|00001011101)/g) ?? []).length
  const blocks =
    grid.slice(1).flatMap((row, y) =>
      row.filter((module, x) => x > 0 && [row[x - 1], grid[y]?.[x], grid[y]?.[x - 1]].every(other => other === module))
    ).length
  const dark = grid.flat().filter(Boolean).length / grid.length ** 2
  return runs + 40 * finders + 3 * blocks + 10 * Math.floor(Math.abs(dark * 20 - 10))
}
