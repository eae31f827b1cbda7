import { spawn, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync, utimesSync,
  writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { fileURLToPath } from 'node:url'
import t, { type Test } from 'tap'
import { openSqliteStore } from '../../src/store/sqlite.ts'
import { all, createHandClock, rejection, testStore } from '../fixtures/store-contract.ts'
import { testUsageStore } from '../fixtures/usage-contract.ts'

const fresh = (t: Test): string => join(t.testdir(), 'data', 'store.sqlite')
const driver = new URL('../../src/store/sqlite.ts', import.meta.url).href

testStore(t, 'sqlite', ({ now }) => openSqliteStore({ file: join(t.testdir(), 'data', 'store.sqlite'), now }), {
  atomicCreate: true,
  listed: 1_005,
})
testUsageStore(t, 'sqlite', ({ now }) => openSqliteStore({ file: join(t.testdir(), 'data', 'store.sqlite'), now }))

void t.test('openSqliteStore() makes its files readable only to their owner, existing files too', async t => {
  const file = fresh(t)
  const store = openSqliteStore({ file })
  t.equal(store.kind, 'sqlite')
  await store.set('a', '1')
  t.equal(mode(join(file, '..')), 0o700)
  for (const name of readdirSync(join(file, '..'))) t.equal(mode(join(file, '..', name)), 0o600, name)
  await store.close()
  t.same(readdirSync(join(file, '..')), ['store.sqlite'], 'once closed, it is one file')
  chmodSync(file, 0o644)
  await openSqliteStore({ file }).close()
  t.equal(mode(file), 0o600)
})

void t.test('recordsVersion() changes with another process’s records, and not with what else it writes', async t => {
  const file = fresh(t)
  const [own, other] = [openSqliteStore({ file }), openSqliteStore({ file })]
  const version = () => own.recordsVersion?.()
  const first = version()
  await other.set('cred:mona:r', 'x')
  await other.set('user', 'x')
  await other.set('user;', 'x')
  await other.usage?.add([{ username: 'mona', rows: [] }], { keepDays: 1, isLast: false, now: Date.now() })
  t.equal(version(), first)
  const seen = [first]
  for (const change of [() => other.create('user:mona', '1'), () => other.set('user:mona', '2'),
    () => other.delete('user:mona')]) {
    await change()
    t.notOk(seen.includes(version()), 'a version that was not there before')
    t.equal(version(), version())
    seen.push(version())
  }
  await other.delete('cred:mona:r')
  t.equal(version(), seen.at(-1))
  await own.close()
  await other.close()
})

void t.test('a file of an older version gets what counts its records', async t => {
  const file = fresh(t)
  await openSqliteStore({ file }).close()
  const older = new DatabaseSync(file)
  older.exec('DROP TRIGGER record_changed; DROP TRIGGER record_made; DROP TRIGGER record_deleted')
  older.exec("INSERT INTO entries (key, value) VALUES ('user:mona', '1')")
  older.close()
  const [store, other] = [openSqliteStore({ file }), openSqliteStore({ file })]
  const before = store.recordsVersion?.()
  await other.set('user:mona', '2')
  t.not(store.recordsVersion?.(), before)
  t.equal(await store.get('user:mona'), '2')
  await store.close()
  await other.close()
})

void t.test('copy() gives one consistent file while writes go on, and leaves nothing next to the store', async t => {
  const file = fresh(t)
  const store = openSqliteStore({ file })
  for (let at = 0; at < 3_000; at++) await store.set(`before:${at}`, 'x'.repeat(200))
  let written = 0
  const writing = (async () => {
    for (; written < 200; written++) {
      await store.set(`during:${written}`, 'y')
      await new Promise(resolve => setImmediate(resolve))
    }
  })()
  const copy = await store.copy?.()
  await writing
  t.same(readdirSync(join(file, '..')).filter(name => !name.startsWith('store.sqlite')), [])
  const pieces: Uint8Array[] = []
  for await (const piece of copy?.read() ?? []) pieces.push(piece)
  await copy?.close()
  const target = join(file, '..', 'copy.sqlite')
  writeFileSync(target, Buffer.concat(pieces))
  t.equal(statSync(target).size, copy?.bytes)
  const db = new DatabaseSync(target)
  t.equal(db.prepare('PRAGMA integrity_check').get()?.['integrity_check'], 'ok')
  const during = db.prepare("SELECT key FROM entries WHERE key >= 'during:' AND key < 'during;'").all().length
  t.equal(db.prepare('SELECT count(*) AS n FROM entries').get()?.['n'], 3_000 + during)
  const firsts = Array.from({ length: during }, (_, at) => `during:${at}`)
  t.ok(firsts.every(key => db.prepare('SELECT 1 FROM entries WHERE key = ?').get(key)), 'of writes, the first ones')
  db.close()
  await store.close()
})

void t.test('a start deletes the copies that a killed process left an hour ago, and nothing else', async t => {
  const file = fresh(t)
  const place = join(file, '..')
  await openSqliteStore({ file }).close()
  const old = new Date(Date.now() - 2 * 3_600_000)
  const leave = (name: string, copiedAt = old) => {
    mkdirSync(join(place, name))
    writeFileSync(join(place, name, 'copy.sqlite'), 'x')
    utimesSync(join(place, name, 'copy.sqlite'), copiedAt, copiedAt)
    utimesSync(join(place, name), old, old)
  }
  const others = ['.backup-', '.backup-12345', '.backup-1234567', '.backup-12_456', 'backup-123456', '.Backup-123456',
    '.backup-123456.d', 'target']
  for (const name of ['.backup-AbC123', ...others]) leave(name)
  leave('.backup-young1', new Date())
  writeFileSync(join(place, '.backup-file01'), 'x')
  utimesSync(join(place, '.backup-file01'), old, old)
  symlinkSync('target', join(place, '.backup-link01'))
  await openSqliteStore({ file }).close()
  t.same(readdirSync(place).sort(),
    [...others, '.backup-young1', '.backup-file01', '.backup-link01', 'store.sqlite'].sort())
  t.same(readdirSync(join(place, 'target')), ['copy.sqlite'])
})

void t.test('acknowledged writes survive kill -9', async t => {
  const file = fresh(t)
  for (let round = 0; round < 5; round++) {
    const acknowledged = await writeAndKill(file, round)
    t.ok(acknowledged.length > 0, `${acknowledged.length} writes in round ${round}`)
    const store = openSqliteStore({ file })
    for (const key of acknowledged) {
      const value = await store.get(key)
      if (value?.startsWith(`value of ${key} `) !== true) t.fail(`${key} is lost`)
    }
    await store.close()
  }
})

void t.test('openSqliteStore() refuses a damaged file in one line that names it, and leaves it unchanged', async t => {
  const damages: Record<string, (whole: Buffer) => Buffer> = {
    'no database': () => Buffer.from('this is no database at all, '.repeat(100)),
    'zeros within': whole => whole.fill(0, 8_192, 20_480),
    'cut short': whole => whole.subarray(0, whole.length - 6_000),
  }
  for (const [name, damage] of Object.entries(damages)) {
    const file = join(t.testdir(), name, 'store.sqlite')
    const store = openSqliteStore({ file })
    for (let n = 0; n < 50; n++) await store.set(`key:${n}`, 'x'.repeat(1_000))
    await store.close()
    const damaged = damage(readFileSync(file))
    writeFileSync(file, damaged)
    const message = refusal(file)
    t.ok(message.includes(file) && !message.includes('\n'), message.replaceAll(file, '<file>'))
    t.ok(readFileSync(file).equals(damaged), 'unchanged')
  }
})

void t.test('openSqliteStore() refuses a damaged file without merging the log of a killed process into it', async t => {
  const file = fresh(t)
  await writeAndKill(file, 0)
  t.ok(statSync(`${file}-wal`).size > 0)
  const store = openSqliteStore({ file })
  for (let n = 0; n < 50; n++) await store.set(`key:${n}`, 'x'.repeat(1_000))
  await store.close()
  await writeAndKill(file, 1)
  const damaged = readFileSync(file).fill(0xee, 4_096)
  writeFileSync(file, damaged)
  const log = readFileSync(`${file}-wal`).subarray(0, 32 + 4_120)
  writeFileSync(`${file}-wal`, log)
  t.match(refusal(file), /cannot be used/)
  t.ok(readFileSync(file).equals(damaged))
  t.ok(readFileSync(`${file}-wal`).equals(log))
})

void t.test("openSqliteStore() leaves a newer version's file, a directory and an impossible path alone", async t => {
  const file = fresh(t)
  await openSqliteStore({ file }).close()
  const db = new DatabaseSync(file)
  db.exec('PRAGMA user_version = 2')
  db.close()
  t.match(refusal(file), /newer version/)
  const directory = join(t.testdir(), 'directory')
  mkdirSync(directory)
  t.match(refusal(directory), /cannot be used/)
  writeFileSync(join(directory, 'plain'), '')
  t.match(refusal(join(directory, 'plain', 'store.sqlite')), /ENOTDIR|EEXIST/)
})

void t.test('two stores on one file read each other, and only one create wins', async t => {
  const file = fresh(t)
  const one = openSqliteStore({ file })
  const two = openSqliteStore({ file })
  t.teardown(() => Promise.all([one.close(), two.close()]))
  await one.set('a', '1')
  t.equal(await two.get('a'), '1')
  t.equal(await two.create('a', '2'), false)
  await two.delete('a')
  t.equal(await one.get('a'), null)
  const created = await Promise.all([one.create('b', 'one'), two.create('b', 'two')])
  t.same(created, [true, false])
})

void t.test('while another process locks the file, writes fail after 2 s and reads go on', async t => {
  const file = fresh(t)
  const store = openSqliteStore({ file })
  const other = new DatabaseSync(file)
  t.teardown(() => store.close())
  await store.set('a', '1')
  other.exec('BEGIN IMMEDIATE')
  const began = performance.now()
  t.match(await rejection(store.set('a', '2')), { name: 'StoreError', message: 'SQLite: locked by another process' })
  const waited = performance.now() - began
  t.ok(waited > 1_500 && waited < 4_000, `${Math.round(waited)} ms`)
  t.equal(await store.get('a'), '1')
  t.same(await all(store, ''), ['a'])
  other.exec('ROLLBACK')
  other.close()
  await store.set('a', '2')
  t.equal(await store.get('a'), '2')
})

void t.test('openSqliteStore() on a read-only file reads, and refuses writes as a StoreError', async t => {
  const file = fresh(t)
  await filled(file)
  chmodSync(file, 0o400)
  // Permissions do not bind root, so root runs this as another user, who must own the directory as the gateway would.
  const other = process.getuid?.() === 0 ? 65_534 : undefined
  if (other !== undefined) spawnSync('chown', ['-R', `${other}:${other}`, t.testdirName])
  const { stdout, stderr } = run(file, '', other)
  t.equal(stdout.trim(), 'get 1, keys a, set StoreError: SQLite: the file is read-only, get 1', stderr)
  t.equal(mode(file), 0o400, 'not made writable')
})

void t.test('a read-only file of an older version shows what others write', async t => {
  const file = fresh(t)
  await openSqliteStore({ file }).close()
  const writer = new DatabaseSync(file)
  t.teardown(() => {
    writer.close()
  })
  writer.exec('DROP TRIGGER record_changed; DROP TRIGGER record_made; DROP TRIGGER record_deleted')
  const write = (value: string) => {
    writer.prepare('INSERT OR REPLACE INTO entries (key, value) VALUES (?, ?)').run('user:mona', value)
  }
  write('1')
  for (const name of readdirSync(join(file, '..'))) chmodSync(join(file, '..', name), 0o400)
  const other = process.getuid?.() === 0 ? 65_534 : undefined
  if (other !== undefined) spawnSync('chown', ['-R', `${other}:${other}`, t.testdirName])
  const reader = spawn(process.execPath, ['--input-type=module', '-e', `
    import { openSqliteStore } from '${driver}'
    const store = openSqliteStore({ file: process.argv[1] })
    const look = async () => console.log(await store.get('user:mona'), store.recordsVersion())
    await look()
    process.stdin.once('data', async () => { await look(); process.exit() })`, file], {
    ...other === undefined ? {} : { uid: other, gid: other },
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines: string[] = []
  for await (const chunk of reader.stdout) {
    lines.push(...String(chunk).trim().split('\n'))
    if (lines.length > 1) break
    write('2')
    reader.stdin.write('again\n')
  }
  const [before = '', after = ''] = lines
  t.match(before, /^1 /)
  t.match(after, /^2 /)
  t.not(before.slice(2), after.slice(2), 'another version')
})

void t.test('on a full disk writes fail, reads go on, and the file stays intact', async t => {
  const file = fresh(t)
  await filled(file)
  // A limit on file size replaces a full disk: in blocks of 512 bytes, and the log is a file too.
  const { stdout, stderr } = run(file, 'ulimit -f 200;')
  t.match(stdout.trim(),
    /^get 1, keys a, set StoreError: SQLite: (the disk is full|reading or writing the file failed), get 1$/, stderr)
  const store = openSqliteStore({ file })
  t.equal(await store.get('a'), '1')
  await store.set('b', '2')
  await store.close()
})

void t.test('openSqliteStore() deletes expired entries when it opens and when it is written to', async t => {
  const file = fresh(t)
  const clock = createHandClock()
  const rows = (): unknown => {
    const db = new DatabaseSync(file)
    try {
      return db.prepare('SELECT count(*) AS n FROM entries').get()?.['n']
    } finally {
      db.close()
    }
  }
  const store = openSqliteStore({ file, now: clock.now })
  for (let n = 0; n < 499; n++) await store.set(`short:${n}`, 'x', clock.now() + 1)
  clock.advance(1)
  t.equal(rows(), 499)
  await store.set('last', 'x', clock.now() + 1)
  t.equal(rows(), 1)
  await store.close()
  clock.advance(1)
  await openSqliteStore({ file, now: clock.now }).close()
  t.equal(rows(), 0)
})

void t.test('openSqliteStore() prints nothing, and fails calls after close() as a StoreError', async t => {
  const file = fresh(t)
  const { stdout, stderr } = spawnSync(process.execPath, ['-e',
    `import(${JSON.stringify(driver)}).then(m => m.openSqliteStore({ file: ${JSON.stringify(file)} }).close())`], {
    encoding: 'utf8',
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  t.equal(stdout + stderr, '')
  const store = openSqliteStore({ file })
  await store.close()
  t.match(await rejection(store.get('a')), { name: 'StoreError' })
})

/** The keys that the writer reported as stored before it was killed, a moment after its first ones. */
async function writeAndKill (file: string, round: number): Promise<string[]> {
  const child = spawn(process.execPath, [fileURLToPath(new URL('sqlite-writer.ts', import.meta.url)), file, `${round}`],
    { stdio: ['ignore', 'pipe', 'inherit'] })
  let printed = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    if (printed === '') setTimeout(() => child.kill('SIGKILL'), 50 + Math.random() * 150)
    printed += text
  })
  await new Promise(resolve => child.once('close', resolve))
  return printed.split('\n').slice(0, -1)
}

async function filled (file: string): Promise<void> {
  const store = openSqliteStore({ file })
  await store.set('a', '1')
  await store.close()
}

/**
 * Opens the store in another process, under the shell's limits and as that user. Returns the printed results of its
 * calls.
 */
function run (file: string, limits: string, uid?: number) {
  const script = `
    import { openSqliteStore } from ${JSON.stringify(driver)}
    const store = openSqliteStore({ file: process.env.STORE_FILE })
    const keys = []
    const results = ['get ' + await store.get('a')]
    for await (const key of store.keys('')) keys.push(key)
    results.push('keys ' + keys)
    let failed = 'none failed'
    for (let n = 0; n < 40 && failed === 'none failed'; n++) {
      await store.set('big:' + n, 'x'.repeat(25_000)).catch(error => { failed = String(error) })
    }
    console.log([...results, 'set ' + failed, 'get ' + await store.get('a')].join(', '))`
  return spawnSync('sh', ['-c', `${limits} exec "$0" --input-type=module -e "$1"`, process.execPath, script], {
    encoding: 'utf8',
    timeout: 20_000,
    env: { ...process.env, NODE_OPTIONS: '', STORE_FILE: file },
    ...uid !== undefined && { uid, gid: uid },
  })
}

function refusal (file: string): string {
  try {
    void openSqliteStore({ file }).close()
  } catch (thrown) {
    return (thrown as Error).message
  }
  throw new Error('expected it to refuse')
}

function mode (path: string): number {
  return existsSync(path) ? statSync(path).mode & 0o777 : -1
}
