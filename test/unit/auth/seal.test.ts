// Version 1 of the records: the known answers of `docs/spec/limits.md#key-derivation`, and a check
// that no part of a record can change unnoticed.
import t from 'tap'
import { authenticateOld, openOldToken, writeOldRecord, type OldRecord } from '../../../src/auth/old-record.ts'
import { isOld, isSeed, readRecord } from '../../../src/auth/record.ts'
import { deriveKeys, encrypt, openCached, pepperId, sealCached } from '../../../src/auth/seal.ts'
import { decodeBase64, lengthPrefixed, toBase64Url } from '../../../src/bytes.ts'
import type { Bytes } from '../../../src/contract.ts'
import { takeKdfRuns } from '../helpers/kdf.ts'
import { password, token } from '../helpers/process.ts'

const run = (from: number, length: number): Bytes => Uint8Array.from({ length }, (_, at) => from + at)
const [pepper, salt, rid, iv] = [run(0xc0, 32), run(0x10, 16), run(0x40, 16), run(0x80, 12)]
const vectors = [{
  name: 'A',
  iterations: 100_000,
  pepper,
  pid: 'w3OJh5Pt',
  vf: 'qKAI9wJAOvToUq7os1XhOGXfyRFM_3CnLHXp40a9cbQ',
  ct: 'ewsIw-rPrHnW56vQV9z1L0Qd2J8J8bxEUPb9JNaCmxJBL2PEnH_Ef0EhbXUyQFBwJNRncdkEmcs',
}, {
  name: 'B',
  iterations: 10_000,
  pepper: null,
  pid: null,
  vf: '0f9a2IBRBxws8cBFcw8bXGQwXunrT7JZhyV96UeD2Jc',
  ct: 'AUbtegpIFBtRlp4qCFRnPY55mFWWmrk9EFDg7qxp8wRpHF-zO2nLveVdQHvmdaIy2lstqkUi6KI',
}]
const recordOf = ({ iterations, pid, vf, ct }: typeof vectors[number], changes: object = {}) =>
  JSON.stringify({
    v: 1,
    u: 'alice',
    rid: toBase64Url(rid),
    gen: 1,
    kdf: 'pbkdf2-sha256',
    it: iterations,
    salt: toBase64Url(salt),
    pid,
    vf,
    iv: toBase64Url(iv),
    ct,
    ...changes,
  })
const readUser = (value: string, username = 'alice'): OldRecord => {
  const found = readRecord(value, username)
  if (isSeed(found) || !isOld(found)) throw new Error('not version 1')
  return found
}

for (const vector of vectors) {
  const { name, iterations } = vector
  t.test(`deriveKeys(), pepperId() and encrypt() give the known answers of vector ${name}`, async t => {
    const keys = await deriveKeys(password, { username: 'alice', rid, salt, iterations, pepper: vector.pepper })
    const pid = vector.pepper === null ? null : await pepperId(vector.pepper)
    const binding = lengthPrefixed('acpc/v1/user', 'alice', rid, '1', 'pbkdf2-sha256', String(iterations), salt,
      pid ?? '')
    t.equal(pid === null ? null : toBase64Url(pid), vector.pid)
    t.equal(toBase64Url(keys.verifier), vector.vf)
    t.equal(toBase64Url(await encrypt(keys.user, iv, binding, token)), vector.ct)
  })

  t.test(`openOldToken() opens the record of vector ${name}, and no record with any change`, async t => {
    const keys = await deriveKeys(password, { username: 'alice', rid, salt, iterations, pepper: vector.pepper })
    t.equal(await openOldToken(readUser(recordOf(vector)), keys), token)
    t.equal(writeOldRecord(readUser(recordOf(vector))), recordOf(vector), 'written back unchanged')
    const forged = {
      gen: { gen: 2 },
      rid: { rid: toBase64Url(run(0x41, 16)) },
      salt: { salt: toBase64Url(run(0x11, 16)) },
      it: { it: 20_000 },
      pid: { pid: vector.pid === null ? 'w3OJh5Pt' : null },
      iv: { iv: toBase64Url(run(0x81, 12)) },
    }
    for (const [field, changes] of Object.entries(forged)) {
      await t.rejects(openOldToken(readUser(recordOf(vector, changes)), keys), { code: 'record_unreadable',
        status: 503 }, field)
    }
    const copied = readUser(recordOf(vector, { u: 'bob' }), 'bob')
    await t.rejects(openOldToken(copied, keys), { code: 'record_unreadable' }, "copied to bob, with alice's keys")
    const bobs = await deriveKeys(password, { username: 'bob', rid, salt, iterations, pepper: vector.pepper })
    t.not(toBase64Url(bobs.verifier), vector.vf, "bob's keys differ")
  })
}

t.test('readRecord() refuses everything that is not a record of this user, before any key is derived', async t => {
  takeKdfRuns()
  const vector = vectors[1] ?? t.fail()
  if (typeof vector !== 'object') return
  const wrong: Record<string, string> = {
    "another user's": recordOf(vector, { u: 'bob' }),
    'too many iterations': recordOf(vector, { it: 100_001 }),
    'too few iterations': recordOf(vector, { it: 9_999 }),
    'iterations as text': recordOf(vector, { it: '10000' }),
    'a fractional number of iterations': recordOf(vector, { it: 10_000.5 }),
    'gen 0': recordOf(vector, { gen: 0 }),
    'another version': recordOf(vector, { v: 2 }),
    'a newer version': recordOf(vector, { v: 3 }),
    'a version as text': recordOf(vector, { v: '1' }),
    'an unknown KDF': recordOf(vector, { kdf: 'scrypt' }),
    'a short salt': recordOf(vector, { salt: 'AAAA' }),
    'an empty pepper id': recordOf(vector, { pid: '' }),
    'no pepper id': recordOf(vector, { pid: undefined }),
    'a ciphertext that is only a tag': recordOf(vector, { ct: toBase64Url(run(0, 16)) }),
    'no base64': recordOf(vector, { vf: '!' }),
    'too long': recordOf(vector, { more: 'x'.repeat(4_096) }),
    'an array': '[]',
    null: 'null',
    'no JSON': '{',
    "another user's seed": `cred:bob:${password}:${token}`,
    'a seed without a token': `cred:alice:${password}:`,
    'a seed with a token of another kind': `cred:alice:${password}:ghp_0123456789abcdefABCDEF0123456789abcd`,
  }
  for (const [what, value] of Object.entries(wrong)) {
    t.throws(() => readRecord(value, 'alice'), { code: 'record_unreadable', status: 503,
      headers: { 'retry-after': '60' } }, what)
  }
  await t.rejects(deriveKeys(password, { username: 'alice', rid, salt, iterations: 100_001, pepper: null }), RangeError)
  t.equal(takeKdfRuns(), 0)
})

t.test('authenticateOld() accepts a record only in the form in which records are written', async t => {
  for (const vector of vectors) {
    const keys = await deriveKeys(password, { username: 'alice', rid, salt, iterations: vector.iterations,
      pepper: vector.pepper })
    const value = recordOf(vector)
    await authenticateOld(readUser(value), keys, value)
    const { ct, ...rest } = JSON.parse(value) as Record<string, unknown>
    const others: Record<string, string> = {
      'spaces behind it': `${value}  `,
      'a line end after it': `${value}\n`,
      'spaces in it': value.replace(',', ', '),
      'keys in another order': JSON.stringify({ ct, ...rest }),
      'a field twice': value.replace('{"v":1', '{"v":1,"v":1'),
      'another value first': value.replace('{"v":1', '{"v":1,"gen":9'),
      'a field more': recordOf(vector, { more: 1 }),
      'a letter escaped': value.replace('"alice"', '"\\u0061lice"'),
      'a number in another spelling': value.replace('"gen":1', '"gen":1.0'),
    }
    for (const [what, other] of Object.entries(others)) {
      await t.rejects(authenticateOld(readUser(other), keys, other), { code: 'record_unreadable', status: 503 }, what)
    }
  }
})

t.test("readRecord() reads the original project's layout", async t => {
  t.strictSame(readRecord(`cred:alice:${password}:${token}`, 'alice'), { key: `cred:alice:${password}:${token}`,
    password, token })
})

t.test('openCached() opens the output of sealCached(), and is null for everything else', async t => {
  const keys = await deriveKeys(password, { username: 'alice', rid, salt, iterations: 10_000, pepper: null })
  const sealed = await sealCached(keys.tokenCache, 'alice', rid, 'text')
  t.equal(await openCached(keys.tokenCache, 'alice', rid, sealed), 'text')
  t.not(await sealCached(keys.tokenCache, 'alice', rid, 'text'), sealed, 'each nonce is used once')
  t.equal(await openCached(keys.user, 'alice', rid, sealed), null, 'another key')
  t.equal(await openCached(keys.tokenCache, 'bob', rid, sealed), null, 'another user')
  t.equal(await openCached(keys.tokenCache, 'alice', run(0x41, 16), sealed), null, 'another rid')
  for (const text of ['', '.', 'a.b', 'no base64!', `${sealed}x`, sealed.slice(1), sealed.replace('.', '')]) {
    t.equal(await openCached(keys.tokenCache, 'alice', rid, text), null, text)
  }
  t.equal(decodeBase64(sealed.split('.')[0] ?? '')?.length, 12)
})
