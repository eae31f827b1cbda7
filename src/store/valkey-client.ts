// One connection to Valkey, or one to each node of a cluster, for records, usage and hot state. The client reconnects
// by itself. This module says how long a call waits for that, and what it repeats. It logs nothing.
import { createHash } from 'node:crypto'
import { Cluster, Redis, type RedisOptions } from 'iovalkey'
import { explainValkey, fateOf } from './valkey-errors.ts'

export interface ValkeyOptions {
  /** Of the server, of the Sentinels, or of some nodes of the cluster. */
  readonly addresses: ReadonlyArray<{ readonly host: string, readonly port: number }>
  readonly isTls: boolean
  readonly username: string | null
  readonly password: string | null
  readonly db: number
  readonly isCluster: boolean
  /** The name of the primary that the Sentinels watch, or null. */
  readonly sentinel: string | null
  readonly sentinelPassword:
    | string
    | null
  /** For one call with all that it waits for. */
  readonly timeoutMs?: number
}

export interface ValkeyScript {
  readonly lua: string
  readonly sha: string
}

export interface ValkeyNode {
  /** @throws {StoreError} */
  readonly call: (command: string, ...args: readonly string[]) => Promise<unknown>
  /** In one round trip. An answer that is an error is null. @throws {StoreError} */
  readonly callAll: (commands: ReadonlyArray<readonly [string, ...string[]]>) => Promise<readonly unknown[]>
}

export interface ValkeyClient extends ValkeyNode {
  /**
   * A command whose second execution changes nothing is sent again if its connection ends. Of several keys of one
   * command, all belong to one owner.
   */
  readonly call: ValkeyNode['call']
  /** Sent again like `call`. @throws {StoreError} */
  readonly run: (
    script: ValkeyScript,
    keys: readonly string[],
    args: ReadonlyArray<string | number>,
  ) => Promise<unknown>
  /** For a script whose second execution would give another answer. @throws {StoreError} */
  readonly runOnce: ValkeyClient['run']
  /** The server, or each primary of the cluster: together they have all keys. */
  readonly primaries: () => Promise<readonly ValkeyNode[]>
  /**
   * Opens a connection of its own. It reconnects without end, and logs nothing.
   * @param received a message of the channel; null: messages may have been lost
   */
  readonly listen: (channel: string, received: (message: string | null) => void) => void
  readonly close: () => void
}

/** Less than the gateway waits for hot state. */
const defaultTimeoutMs = 1_800
/** The longest pause between two tries to connect. */
const longestPauseMs = 1_000
/** Before a command that the server refused for the moment is sent again. */
const passingMs = 100

export function createScript (lua: string): ValkeyScript {
  return { lua, sha: createHash('sha1').update(lua).digest('hex') }
}

export function createValkeyClient (options: ValkeyOptions): ValkeyClient {
  const timeoutMs = options.timeoutMs ?? defaultTimeoutMs
  const client = connect(options, timeoutMs)
  /** Since when there is no connection, or null. */
  let downSince: number | null = performance.now()
  let ready = Promise.withResolvers<undefined>()
  /** The last error since the connection was there. */
  let problem: unknown = null
  client.on('ready', () => {
    downSince = problem = null
    ready.resolve(undefined)
  })
  client.on('close', () => {
    if (downSince === null) ready = Promise.withResolvers<undefined>()
    downSince ??= performance.now()
  })
  client.on('error', (err: unknown) => {
    problem = err
  })

  /** Waits for the connection. Once it has been away for a while, calls fail at once. */
  const whenReady = async (endsAt: number): Promise<void> => {
    if (client.status === 'ready') return
    const leftMs = Math.min(endsAt, (downSince ?? performance.now()) + timeoutMs) - performance.now()
    if (leftMs <= 0 || client.status === 'end') throw explainValkey(problem)
    const timer = Promise.withResolvers<'late'>()
    const timeout = setTimeout(() => {
      timer.resolve('late')
    }, leftMs)
    // While a connection ends, `ready` is still the promise of that one.
    const waited = client.status === 'disconnecting' ? pause(passingMs) : ready.promise
    const outcome = await Promise.race([waited, timer.promise])
    clearTimeout(timeout)
    if (outcome === 'late') throw explainValkey(problem ?? new Error('timed out'))
  }

  const send = async <T>(work: () => Promise<T>, mayRepeat: boolean): Promise<T> => {
    const endsAt = performance.now() + timeoutMs
    for (let losses = 0;;) {
      await whenReady(endsAt)
      try {
        return await work()
      } catch (thrown) {
        const fate = fateOf(thrown)
        const isOver = performance.now() + passingMs >= endsAt
        if (fate === 'final' || isOver || (fate === 'lost' && (!mayRepeat || losses++ > 0))) {
          throw explainValkey(thrown, problem)
        }
        await pause(passingMs)
      }
    }
  }
  const run = (mayRepeat: boolean): ValkeyClient['run'] => ({ lua, sha }, keys, args) =>
    send(async () => {
      const rest = [keys.length, ...keys, ...args] as const
      try {
        return await client.evalsha(sha, ...rest)
      } catch (thrown) {
        // A server that is new, or has been restarted.
        if (!(thrown instanceof Error && thrown.message.startsWith('NOSCRIPT'))) throw thrown
        return client.eval(lua, ...rest)
      }
    }, mayRepeat)

  let listener: Redis | Cluster | null = null

  return {
    call: (command, ...args) => send(() => client.call(command, ...args), true),
    callAll: commands => send(() => answersOf(client, commands), true),
    run: run(true),
    runOnce: run(false),
    async primaries () {
      await send(async () => {}, true)
      const nodes: readonly Redis[] = client instanceof Cluster ? client.nodes('master') : [client]
      return nodes.map(node => ({
        call: (command, ...args) => send(() => node.call(command, ...args), true),
        callAll: commands => send(() => answersOf(node, commands), true),
      }))
    },
    listen (channel, received) {
      listener = connect(options, timeoutMs, true)
      listener.on('error', () => {})
      listener.on('message', (_channel, message: string) => {
        received(message)
      })
      listener.on('ready', () => {
        // Without the permission, a change counts when the record is read again.
        listener?.subscribe(channel).then(() => {
          received(null)
        }, () => {})
      })
    },
    close () {
      listener?.disconnect()
      client.disconnect()
    },
  }
}

/** @param listens messages come on this connection, perhaps none for hours */
function connect (options: ValkeyOptions, timeoutMs: number, listens = false): Redis | Cluster {
  const { addresses, isTls, username, password, db, isCluster, sentinel, sentinelPassword } = options
  const common: RedisOptions = {
    db,
    ...username === null ? {} : { username },
    ...password === null ? {} : { password },
    ...isTls ? { tls: {} } : {},
    connectionName: 'copilot-proxy',
    connectTimeout: timeoutMs,
    commandTimeout: timeoutMs,
    // A server that has vanished without a word.
    ...listens ? { autoResubscribe: false } : { socketTimeout: 2 * timeoutMs },
    keepAlive: 30_000,
    // `send` decides what is sent again.
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: 0,
    enableOfflineQueue: false,
    retryStrategy: tried => Math.min(longestPauseMs, 25 * 2 ** tried) * (0.5 + Math.random() / 2),
    // After a failover, the address may lead to another server.
    reconnectOnError: ({ message }) => message.startsWith('READONLY'),
  }
  if (isCluster) {
    const { enableOfflineQueue: _queue, retryStrategy: _retry, db: _db, ...redisOptions } = common
    // By its own names the certificate of a node is checked, not by the addresses that the cluster gives.
    return new Cluster([...addresses], { redisOptions, enableOfflineQueue: false, slotsRefreshTimeout: timeoutMs,
      clusterRetryStrategy: tried => Math.min(longestPauseMs, 25 * 2 ** tried), ...isTls
      ? { dnsLookup: (host, callback) => {
        callback(null, host)
      } }
      : {} })
  }
  if (sentinel !== null) {
    return new Redis({ ...common, sentinels: [...addresses], name: sentinel, enableTLSForSentinelMode: isTls,
      ...isTls ? { sentinelTLS: {} } : {}, ...sentinelPassword === null ? {} : { sentinelPassword },
      sentinelRetryStrategy: tried => Math.min(longestPauseMs, 25 * 2 ** tried), failoverDetector: true,
      sentinelCommandTimeout: timeoutMs })
  }
  return new Redis({ ...common, ...addresses[0] })
}

async function answersOf (
  client: Redis | Cluster,
  commands: ReadonlyArray<readonly [string, ...string[]]>,
): Promise<readonly unknown[]> {
  if (commands.length === 0) return []
  const pipeline = client.pipeline()
  for (const [command, ...args] of commands) pipeline.call(command, ...args)
  const answers = await pipeline.exec() ?? []
  for (const [error] of answers) if (error !== null && fateOf(error) !== 'final') throw error
  return answers.map(([, answer]) => answer ?? null)
}

function pause (ms: number): Promise<void> {
  return new Promise(resolve => {
    setTimeout(resolve, ms)
  })
}
