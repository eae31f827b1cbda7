// A way to the house that counts what a client uploads, and may refuse WebSockets as a proxy in between would.
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Gate {
  readonly origin: string
  /** Bytes of the client since the start. */
  readonly uploaded: () => number
  /** Upgrades that it refused. */
  readonly refused: () => number
  readonly close: () => Promise<void>
}

/** @param refusal the status for every upgrade; null lets them pass */
export async function openGate (house: string, refusal: number | null = null): Promise<Gate> {
  const { port: housePort } = new URL(house)
  const sockets = new Set<Socket>()
  let uploaded = 0
  let refused = 0
  const server = createServer(client => {
    const inner = connect(Number(housePort), '127.0.0.1')
    for (const [one, other] of [[client, inner], [inner, client]] as const) {
      sockets.add(one)
      one.on('error', () => {}).once('close', () => {
        sockets.delete(one)
        other.destroy()
      })
    }
    inner.pipe(client)
    client.on('data', (piece: Buffer) => {
      uploaded += piece.length
      if (refusal !== null && /^upgrade: websocket/im.test(piece.toString('latin1'))) {
        refused++
        client.end(`HTTP/1.1 ${refusal} No\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
      } else inner.write(piece)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    uploaded: () => uploaded,
    refused: () => refused,
    async close () {
      for (const socket of sockets) socket.destroy()
      await new Promise(resolve => server.close(resolve))
    },
  }
}
