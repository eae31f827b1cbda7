// Unpacking on Node counts the memory that it may need, and gives it back.
import { gzipSync, zstdCompressSync, constants } from 'node:zlib'
import t from 'tap'
import { createBodyReader } from '../../../src/node/body.ts'
import { nodeLimits } from '../../../src/node/limits.ts'
import { unpackBody } from '../../../src/node/unpack.ts'
import type { Bytes } from '../../../src/contract.ts'

const mebibyte = 1_048_576

function start (bufferedBytes: number = nodeLimits.bufferedBytes) {
  const bodies = createBodyReader({ ...nodeLimits, bufferedBytes })
  const releases: Array<() => void> = []
  const unpack = (packed: Uint8Array, encoding: string, maxBytes = 8 * mebibyte) =>
    new Promise<Bytes>((resolve, reject) => {
      unpackBody(bodies, new Uint8Array(packed), { headers: { 'content-encoding': encoding }, maxBytes,
        onRelease: release => releases.push(release), onUnpacked: () => {} }, (error, body) => {
        if (body === undefined) reject(error ?? new Error('no body'))
        else resolve(body)
      })
    })
  return { bodies, releases, unpack }
}

t.test('unpackBody() counts the largest size while it unpacks, and then the real one', async t => {
  const { bodies, releases, unpack } = start()
  const pending = unpack(gzipSync('x'.repeat(500_000)), 'gzip')
  t.equal(bodies.buffered(), mebibyte)
  t.equal((await pending).length, 500_000)
  t.equal(bodies.buffered(), 500_000)
  for (const release of releases) release()
  for (const release of releases) release()
  t.equal(bodies.buffered(), 0, 'once, however often it is released')
})

t.test('unpackBody() refuses a body for which there is no memory, and frees what a bomb took', async t => {
  const { bodies, unpack } = start(2 * mebibyte)
  const packed = gzipSync('x'.repeat(500_000))
  const first = [unpack(packed, 'gzip'), unpack(packed, 'gzip')]
  await t.rejects(unpack(packed, 'gzip'), { code: 'overloaded' })
  await Promise.all(first)
  const other = start()
  await t.rejects(other.unpack(gzipSync(new Uint8Array(16 * mebibyte)), 'gzip'), { code: 'request_too_large' })
  await t.rejects(other.unpack(gzipSync('x').subarray(0, 12), 'gzip'), { code: 'invalid_request' })
  t.equal(other.bodies.buffered(), 0)
  t.ok(bodies.buffered() > 0)
})

t.test('unpackBody() refuses zstd with a window above 8 MiB', async t => {
  const random = Array.from({ length: 4 }, () => crypto.getRandomValues(new Uint8Array(65_536)))
  const wide = Buffer.concat(Array.from({ length: 100 }, () => random).flat())
  const packed = zstdCompressSync(wide, { params: { [constants.ZSTD_c_windowLog]: 25 } })
  await t.rejects(start().unpack(packed, 'zstd', 64 * mebibyte), { code: 'invalid_request' })
  const usual = zstdCompressSync(wide, { params: { [constants.ZSTD_c_windowLog]: 23 } })
  t.equal((await start().unpack(usual, 'zstd', 64 * mebibyte)).length, wide.length)
})

t.test('unpackBody() passes a plain body on', async t => {
  const body = new Uint8Array([1, 2])
  t.same(await start().unpack(body, 'identity'), body)
})
