// Unpacking on Node counts the memory that it takes, and gives it back, whenever the request ends.
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib'
import t from 'tap'
import { createBodyReader } from '../../../src/node/body.ts'
import { nodeLimits } from '../../../src/node/limits.ts'
import { PendingEnd } from '../../../src/node/request-end.ts'
import { unpackBody } from '../../../src/node/unpack.ts'
import { ClientGone } from '../../../src/errors.ts'
import type { Bytes } from '../../../src/contract.ts'

const mebibyte = 1_048_576

function start (bufferedBytes: number = nodeLimits.bufferedBytes) {
  const bodies = createBodyReader({ ...nodeLimits, bufferedBytes })
  const atEnd = new PendingEnd()
  const unpack = (packed: Uint8Array, encoding: string, maxBytes = 8 * mebibyte) =>
    new Promise<Bytes>((resolve, reject) => {
      unpackBody(bodies, new Uint8Array(packed), { headers: { 'content-encoding': encoding }, maxBytes, atEnd,
        onUnpacked: () => {} }, (error, body) => {
        if (body === undefined) reject(error ?? new Error('no body'))
        else resolve(body)
      })
    })
  const end = () => {
    atEnd.finish()
  }
  return { bodies, end, unpack }
}

t.test('unpackBody() counts what comes out until the request ends', async t => {
  const { bodies, end, unpack } = start()
  const pending = unpack(gzipSync('x'.repeat(500_000)), 'gzip')
  t.equal(bodies.buffered(), 0)
  t.equal((await pending).length, 500_000)
  t.equal(bodies.buffered(), 500_000)
  end()
  end()
  t.equal(bodies.buffered(), 0, 'once, however often it is released')
})

t.test('unpackBody() counts nothing for a request that ends before it, during it or at its end', async t => {
  const packed = gzipSync('x'.repeat(6_000_000))
  for (const turns of [0, 1, 2, 5, 20]) {
    const { bodies, end, unpack } = start()
    const pending = unpack(packed, 'gzip').catch((error: unknown) => error)
    for (let turn = 0; turn < turns; turn++) await new Promise(setImmediate)
    end()
    const got = await pending
    t.ok(got instanceof ClientGone || (got as Bytes).length === 6_000_000)
    await new Promise(resolve => setTimeout(resolve, 20))
    t.equal(bodies.buffered(), 0, `${turns} turns`)
    await t.rejects(unpack(packed, 'gzip'), ClientGone)
    t.equal(bodies.buffered(), 0, 'a request that is over')
  }
})

t.test('unpackBody() refuses a body for which there is no memory, and frees what a bomb took', async t => {
  const { bodies, unpack } = start(2 * mebibyte)
  const packed = gzipSync('x'.repeat(500_000))
  await Promise.all(Array.from({ length: 4 }, () => unpack(packed, 'gzip')))
  await t.rejects(unpack(packed, 'gzip'), { code: 'overloaded' })
  t.equal(bodies.buffered(), 2_000_000)
  const other = start()
  await t.rejects(other.unpack(gzipSync(new Uint8Array(16 * mebibyte)), 'gzip'), { code: 'request_too_large' })
  await t.rejects(other.unpack(gzipSync('x').subarray(0, 12), 'gzip'), { code: 'invalid_request' })
  t.equal(other.bodies.buffered(), 0)
})

t.test('unpackBody() takes many bodies at once that may become large and do not', async t => {
  const { bodies, unpack } = start()
  const text = Buffer.from(crypto.getRandomValues(new Uint8Array(60_000))).toString('base64')
  const packed = gzipSync(text.repeat(5))
  const got = await Promise.all(Array.from({ length: 20 }, () => unpack(packed, 'gzip', 30 * mebibyte)))
  t.same(new Set(got.map(({ length }) => length)), new Set([400_000]))
  t.equal(bodies.buffered(), 20 * 400_000)
})

t.test('unpackBody() refuses what follows the packed data', async t => {
  const packers = { gzip: gzipSync, deflate: deflateSync, 'deflate-raw': deflateRawSync, br: brotliCompressSync,
    zstd: zstdCompressSync }
  for (const [name, pack] of Object.entries(packers)) {
    const encoding = name.replace('-raw', '')
    const good = pack('{}')
    for (const rest of ['x', '\0\0', ...encoding === 'gzip' ? [] : [good]]) {
      const { bodies, unpack } = start()
      await t.rejects(unpack(Buffer.concat([good, Buffer.from(rest)]), encoding), { code: 'invalid_request' }, name)
      t.equal(bodies.buffered(), 0)
    }
    t.equal((await start().unpack(good, encoding)).toString(), '{}', name)
  }
  const two = Buffer.concat([gzipSync('{'), gzipSync('}')])
  t.equal((await start().unpack(two, 'gzip')).toString(), '{}', 'gzip may have several members')
})

t.test('unpackBody() refuses zstd with a window above 8 MiB', async t => {
  const random = Array.from({ length: 4 }, () => crypto.getRandomValues(new Uint8Array(65_536)))
  const wide = Buffer.concat(Array.from({ length: 100 }, () => random).flat())
  const packed = zstdCompressSync(wide, { params: { [constants.ZSTD_c_windowLog]: 25 } })
  await t.rejects(start().unpack(packed, 'zstd', 64 * mebibyte), { code: 'invalid_request' })
  const usual = zstdCompressSync(wide, { params: { [constants.ZSTD_c_windowLog]: 23 } })
  t.equal((await start().unpack(usual, 'zstd', 64 * mebibyte)).length, wide.length)
})

t.test('unpackBody() passes a plain body on, and an empty one', async t => {
  const body = new Uint8Array([1, 2])
  t.same(await start().unpack(body, 'identity'), body)
  t.same(await start().unpack(new Uint8Array(), 'gzip'), new Uint8Array())
})
