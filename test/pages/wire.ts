// A wire between browser and server that a test can cut, move to another server, and weigh. Unlike the browser's own
// offline switch, it also cuts the service worker off, and it sees every byte that anybody sends.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Wire {
  readonly origin: string
  /** Bytes towards the browser, headers included, since the test set it to 0. */
  bytes: number
  /** Null: the wire is cut. */
  to(origin: string | null): void
  close(): Promise<void>
}

export async function layWire (origin: string): Promise<Wire> {
  let target: string | null = origin
  const open = new Set<Socket>()
  const server = createServer(client => {
    if (target === null) {
      client.destroy()
      return
    }
    const { hostname, port } = new URL(target)
    const upstream = connect(Number(port), hostname)
    for (const [socket, other] of [[client, upstream], [upstream, client]] as const) {
      open.add(socket)
      socket.on('error', () => other.destroy()).on('close', () => {
        open.delete(socket)
        other.destroy()
      })
    }
    upstream.on('data', (chunk: Buffer) => {
      wire.bytes += chunk.length
    })
    client.pipe(upstream).pipe(client)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const wire: Wire = {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bytes: 0,
    to (next) {
      target = next
      for (const socket of open) socket.destroy()
    },
    async close () {
      wire.to(null)
      await new Promise(resolve => server.close(resolve))
    },
  }
  return wire
}
