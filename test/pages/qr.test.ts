// QR codes. The digests are of codes that a decoder (jsQR) has read.
import { createHash } from 'node:crypto'
import t from 'tap'

const path = '../../static/assets/lib/qr-grid.js'
const { qrGrid } = await import(path) as { qrGrid: (text: string) => boolean[][] }
const digest = (grid: boolean[][]) =>
  createHash('sha256').update(grid.map(row => row.map(Number).join('')).join('\n')).digest('hex').slice(0, 16)

t.test('codes are as a decoder has read them', async t => {
  const texts = ['a', 'https://proxy.example/#invite=acpi-abcdefgh-0123456789abcdefghijklmnopqrstuv', 'ü'.repeat(100),
    'x'.repeat(412)]
  t.same(texts.map(text => [qrGrid(text).length, digest(qrGrid(text))]), [[21, 'e8ab680854e4019c'], [37,
    'ae167cc826a630f6'], [57, 'aeb4c872889449df'], [77, '1545cdf36ca5be9f']])
})

t.test('a grid is square, and has the three finders with their borders', async t => {
  const grid = qrGrid('https://proxy.example')
  t.ok(grid.every(row => row.length === grid.length))
  const ring = (x: number, y: number) =>
    [0, 1, 2, 3, 4, 5, 6].map(at => grid[y + at]?.slice(x, x + 7).map(Number).join(''))
  const finder = ['1111111', '1000001', '1011101', '1011101', '1011101', '1000001', '1111111']
  t.same([ring(0, 0), ring(grid.length - 7, 0), ring(0, grid.length - 7)], [finder, finder, finder])
})

t.test('a text that is too long throws', async t => {
  t.throws(() => qrGrid('x'.repeat(413)), /too long/)
})
