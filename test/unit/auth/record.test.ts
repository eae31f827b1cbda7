// Records of version 2: `docs/spec/limits.md#records-version-2`. The known answers in `records-2.json` come from
// Python's hashlib and cryptography, not from this code.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import t from 'tap'
import { readPasswordWrap, readSealedData, writePasswordWrap, writeSealedData,
  type Contents } from '../../../src/auth/contents.ts'
import { openWithPassword } from '../../../src/auth/open-record.ts'
import { createPeppers } from '../../../src/auth/peppers.ts'
import { readRecord, writeRecord } from '../../../src/auth/record.ts'
import { authenticate, changeRecord, openDataKey, sealContents, sealRecord,
  type OpenedRecord } from '../../../src/auth/sealed-record.ts'
import { keysOfPassword, wrapKeyOf } from '../../../src/auth/wrap.ts'
import { randomBytes, toBase64Url, utf8 } from '../../../src/bytes.ts'
import type { Bytes } from '../../../src/contract.ts'
import { GatewayError } from '../../../src/errors.ts'
import { createTestLog } from '../helpers/log.ts'
import { otherPassword, otherToken, password, token } from '../helpers/process.ts'
import { contentsOf, userRecord } from '../helpers/records.ts'

interface Vector {
  readonly name: string
  readonly iterations: number
  readonly verifier: string
  readonly wrapKeyOfPassword: string
  readonly wrapKeyOfKey: string
  readonly value: string
}
const vectors = JSON.parse(readFileSync(new URL('records-2.json', import.meta.url), 'utf8')) as Vector[]
const run = (from: number, length: number): Bytes => Uint8Array.from({ length }, (_, at) => from + at)
const pepperOf = ({ name }: Vector) => name === 'A' ? run(0xc0, 32) : null
const peppersOf = (vector: Vector) => createPeppers(pepperOf(vector), null, createTestLog())
const [keyId, keySecret] = ['a1b2c3d4', '0123456789abcdefghijklmnopqrstuv']
const [deviceId, deviceSecret] = ['d0d0d0d0', 'vutsrqponmlkjihgfedcba9876543210']
const unreadable = { code: 'record_unreadable', status: 503 }

async function open (value: string, key = password, vector = vectors[1] as Vector): Promise<OpenedRecord | null> {
  const { verified } = await openWithPassword(userRecord(value), key, value, peppersOf(vector))
  return verified?.opened ?? null
}

for (const vector of vectors) {
  t.test(`version 2, vector ${vector.name}: keys, password, key and device open what another program sealed`,
    async t => {
      const { value, iterations } = vector
      const keys = await keysOfPassword(password, { username: 'alice', salt: run(0x10, 16), iterations })
      t.equal(toBase64Url(keys.verifier), vector.verifier)
      t.equal(toBase64Url(keys.wrapKey), vector.wrapKeyOfPassword)
      const wrapKey = await wrapKeyOf('key', 'alice', keyId, keySecret)
      t.equal(toBase64Url(wrapKey), vector.wrapKeyOfKey)

      const { verified } = await openWithPassword(userRecord(value), password, value, peppersOf(vector))
      t.equal(await verified?.openToken(), token)
      t.strictSame(verified?.opened?.dataKey, run(0x60, 32))
      const contents = await contentsOf(value, pepperOf(vector))
      t.match(contents.entries, [{ kind: 'key', id: keyId, name: 'laptop', models: ['gpt-5'], monthlyCredits: 12.5 }, {
        kind: 'device',
        id: deviceId,
        expiresAt: 1_792_592_000_000,
      }])
      for (const [at, kind, id, secret] of [[0, 'key', keyId, keySecret], [1, 'device', deviceId,
        deviceSecret]] as const) {
        const entry = contents.entries[at]
        if (entry === undefined) throw new Error('no entry')
        const dataKey = await openDataKey(userRecord(value), kind, entry, await wrapKeyOf(kind, 'alice', id, secret))
        t.strictSame(dataKey, run(0x60, 32), kind)
        const other = kind === 'key' ? 'device' : 'key'
        t.equal(await openDataKey(userRecord(value), other, entry, await wrapKeyOf(other, 'alice', id, secret)), null)
      }
      t.equal((await openWithPassword(userRecord(value), otherPassword, value, peppersOf(vector))).verified, null)
      t.equal(writeRecord(userRecord(value)), value, 'written back unchanged')
    })

  t.test(`version 2, vector ${vector.name}: no field can change, inside or outside the envelope`, async t => {
    const { value } = vector
    const raw = JSON.parse(value) as Record<string, unknown>
    for (const [field, changes] of Object.entries({
      gen: { gen: 2 },
      rev: { rev: 4 },
      rid: { rid: toBase64Url(run(0x41, 16)) },
      pid: { pid: vector.name === 'A' ? null : 'w3OJh5Pt' },
      pw: { pw: `A${String(raw['pw']).slice(1)}` },
      both: { pw: raw['ct'], ct: raw['pw'] },
      ct: { ct: `A${String(raw['ct']).slice(1)}` },
    })) {
      const forged = JSON.stringify({ ...raw, ...changes })
      const attempt = openWithPassword(userRecord(forged), password, forged, peppersOf(vector))
      await t.rejects(attempt, field === 'pid' && vector.name === 'B' ? { code: 'pepper_missing' } : unreadable, field)
    }
    const bobs = JSON.stringify({ ...raw, u: 'bob' })
    await t.rejects(openWithPassword(userRecord(bobs, 'bob'), password, bobs, peppersOf(vector)), unreadable)
    const others = { spaces: value.replace(',', ', '), 'a line end': `${value}\n`,
      'a field twice': value.replace('{"v":2', '{"v":2,"v":2'), 'a field more': JSON.stringify({ ...raw, more: 1 }) }
    for (const [what, other] of Object.entries(others)) {
      await t.rejects(openWithPassword(userRecord(other), password, other, peppersOf(vector)), unreadable, what)
    }

    // Without a pepper, anyone who can write to the store can make a new envelope. The data's own seal still holds.
    const contents = await contentsOf(value, pepperOf(vector))
    const [key, device] = contents.entries
    if (key === undefined || device === undefined) throw new Error('two entries')
    const pepper = await peppersOf(vector).current()
    const forgeries: Record<string, Partial<Contents>> = {
      'more models': { entries: [{ ...key, models: null }, device] },
      'no cap': { entries: [{ ...key, monthlyCredits: null }, device] },
      'a later end': { entries: [key, { ...device, expiresAt: null }] },
      'a revoked key': { entries: [device] },
      'another order': { entries: [device, key] },
      'another kind': { entries: [{ ...key, kind: 'device' }, device] },
      'fewer iterations': { password: { ...contents.password, iterations: 20_000 } },
      'another nonce': { iv: run(1, 12) },
    }
    for (const [what, changes] of Object.entries(forgeries)) {
      const forged = writeRecord(await sealContents(userRecord(value), { ...contents, ...changes }, pepper))
      const opening = openWithPassword(userRecord(forged), password, forged, peppersOf(vector))
      if (what === 'fewer iterations') {
        t.equal((await opening).verified, null, what)
        continue
      }
      await t.rejects(opening, unreadable, what)
      const attempt = authenticate(userRecord(forged), { ...contents, ...changes }, run(0x60, 32), forged)
      await t.rejects(attempt, unreadable, `${what}, by key`)
    }
  })
}

t.test('changeRecord() keeps the data key for a new token, and makes a new one for a new password', async t => {
  const first = await sealRecord('alice', password, token, { iterations: 10_000, pepper: null })
  const add = {
    entry: { kind: 'key' as const, id: keyId, name: 'x', createdAt: 1, expiresAt: null, models: null,
      monthlyCredits: null, seat: null },
    secret: keySecret,
  }
  const keyed = await changeRecord(first, { add }, null)
  t.match(keyed.record, { gen: 1, rev: 2, rid: first.record.rid })
  const renewed = await changeRecord(keyed, { link: { seat: 'default', token: otherToken } }, null)
  t.match(renewed.record, { gen: 2, rev: 3, rid: first.record.rid })
  t.strictSame(renewed.dataKey, first.dataKey)

  const changed = await changeRecord(renewed, { password: { text: otherPassword, iterations: 10_000 }, rotate: true },
    null)
  t.match(changed.record, { gen: 2, rev: 4 })
  t.notSame(changed.record.rid, first.record.rid)
  t.notSame(changed.dataKey, first.dataKey)
  t.equal(await open(changed.value), null, 'the old password opens nothing')
  t.strictSame((await open(changed.value, otherPassword))?.dataKey, changed.dataKey)
  const [entry] = changed.contents.entries
  if (entry === undefined) throw new Error('no entry')
  const wrapKey = await wrapKeyOf('key', 'alice', keyId, keySecret)
  t.strictSame(await openDataKey(changed.record, 'key', entry, wrapKey), changed.dataKey, 'the key still works')
  await t.rejects(authenticate(changed.record, changed.contents, first.dataKey, changed.value), unreadable,
    'the old data key opens nothing newer')

  const without = await changeRecord(changed, { entries: [], rotate: true }, null)
  t.strictSame((await open(without.value, otherPassword))?.dataKey, without.dataKey, 'rotated without the password')
  const sealedAgain = await changeRecord(without, { password: { text: otherPassword, iterations: 20_000 } }, null)
  t.equal(sealedAgain.record.rev, without.record.rev, 'another seal of the same content is no change')
})

t.test('a record that would not fit into a value of the store is refused, and nothing is cut', async t => {
  let opened = await sealRecord('alice', password, token, { iterations: 10_000, pepper: null })
  const models = Array.from({ length: 50 }, (_, at) => `model-${at}`.padEnd(128, 'x'))
  const add = async (at: number) =>
    changeRecord(opened, {
      add: { secret: keySecret,
        entry: { kind: 'key', id: `key0000${at}`, name: 'x', createdAt: 1, expiresAt: null, models,
          monthlyCredits: null, seat: null } },
    }, null)
  opened = await add(1)
  opened = await add(2)
  await t.rejects(add(3), { code: 'invalid_request', status: 400 })
  t.ok(await open(opened.value))
})

t.test('a record of a newer release is refused, and the message names the remedy', async t => {
  t.throws(() => readRecord(JSON.stringify({ v: 3, u: 'alice' }), 'alice'), { ...unreadable, message: /newer release/ })
})

t.test('the readers of records throw nothing but their own error, whatever the store holds', async t => {
  const value = vectors[1]?.value ?? ''
  const opened = await contentsOf(value)
  const [password, contents] = [writePasswordWrap(opened.password), writeSealedData(opened)]
  const isOwn = (work: () => unknown): boolean => {
    try {
      work()
      return true
    } catch (thrown) {
      return thrown instanceof GatewayError && thrown.code === 'record_unreadable'
    }
  }
  const json = fc.oneof(fc.jsonValue(), fc.constantFrom<unknown>(null, '', 'AAAA', 1, -1, 1e99, [], {}))
  const damaged = (whole: string) =>
    fc.tuple(fc.nat(whole.length), fc.nat(40), fc.string()).map(([at, cut, text]) =>
      whole.slice(0, at) + text + whole.slice(at + cut)
    )
  const changed = (whole: string) =>
    fc.dictionary(fc.constantFrom(...Object.keys(JSON.parse(whole) as object)), json).map(more =>
      JSON.stringify({ ...JSON.parse(whole) as object, ...more })
    )
  const entries = fc.array(
    fc.dictionary(fc.constantFrom('k', 'id', 'n', 'at', 'ex', 'dk', 'm', 'c', 's'), json, { maxKeys: 9 }),
  ).map(en => JSON.stringify({ ...JSON.parse(contents) as object, en }))
  fc.assert(
    fc.property(fc.oneof(damaged(value), changed(value), fc.json()), text => isOwn(() => readRecord(text, 'alice'))),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(fc.oneof(damaged(contents), changed(contents), entries, fc.json()), text =>
      isOwn(() => readSealedData(text))),
    { numRuns: 2_000 },
  )
  fc.assert(
    fc.property(fc.oneof(damaged(password), changed(password), fc.json()), text => isOwn(() => readPasswordWrap(text))),
    { numRuns: 2_000 },
  )
  t.pass('6,000 runs')
})

t.test('a damaged record is 503 for the right password, and 401 for a wrong one', async t => {
  const { value } = vectors[1] as Vector
  const { ct } = JSON.parse(value) as { ct: string }
  const damaged = value.replace(ct, `${ct.slice(0, -9)}${ct.at(-9) === 'A' ? 'B' : 'A'}${ct.slice(-8)}`)
  t.equal(await open(damaged, otherPassword), null)
  await t.rejects(open(damaged), unreadable)
})

t.test('records hide names and limits of keys from a reader of the store who lacks the pepper', async t => {
  const pepper = { id: randomBytes(6), secret: randomBytes(32) }
  const first = await sealRecord('alice', password, token, { iterations: 10_000, pepper })
  const { value } = await changeRecord(first, {
    add: { secret: keySecret,
      entry: { kind: 'key', id: keyId, name: 'secret-project', createdAt: 1, expiresAt: null, models: ['gpt-5'],
        monthlyCredits: null, seat: null } },
  }, pepper)
  for (const text of [keyId, keySecret, 'secret-project', 'gpt-5', token, password]) {
    t.notOk(value.includes(text))
    t.notOk(value.includes(toBase64Url(utf8(text))))
  }
})
