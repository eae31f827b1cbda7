// Listens for all workers. The port stays open from the start to the end, whatever happens to a worker.
import { lookup } from 'node:dns/promises'
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net'
import type { Config } from '../../config.ts'
import { listenProblem } from '../listen-problem.ts'

export interface Door {
  readonly address: AddressInfo
  readonly close: () => void
}

/** @throws {Error} when the address is taken */
export async function openDoor (
  { host, port }: Pick<Config, 'host' | 'port'>,
  onConnection: (socket: Socket) => void,
): Promise<Door> {
  // `localhost` has two addresses, and a client may use either.
  const [first = host, ...others] = host === 'localhost' ? await addressesOf(host) : [host]
  const server = await listen(first, port, onConnection).catch((thrown: unknown) => {
    throw listenProblem(thrown, { host, port })
  })
  const address = server.address() as AddressInfo
  const more = await Promise.allSettled(others.map(other => listen(other, address.port, onConnection)))
  return { address, close () {
    server.close()
    for (const each of more) if (each.status === 'fulfilled') each.value.close()
  } }
}

async function addressesOf (host: string): Promise<string[]> {
  const found = await lookup(host, { all: true }).catch(() => [])
  return [...new Set(found.map(({ address }) => address))]
}

/** Reads nothing of a connection: what the client sends is for the worker. */
function listen (host: string, port: number, onConnection: (socket: Socket) => void): Promise<Server> {
  const server = createServer({ pauseOnConnect: true }, socket => {
    socket.on('error', () => {})
    onConnection(socket)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject).listen({ host, port }, () => {
      server.off('error', reject).on('error', () => {})
      resolve(server)
    })
  })
}
