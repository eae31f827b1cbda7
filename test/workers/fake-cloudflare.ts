// The part of Cloudflare's API that a deployment uses, on loopback: pages of namespaces, a Worker's settings, the names
// of its secrets. It keeps what it receives, as the real one does.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'

export interface FakeCloudflare {
  readonly baseUrl: string
  readonly namespaces: Array<{ id: string, title: string }>
  /** The content of every namespace. */
  readonly records: Map<string, string>
  /** Null: no such Worker. */
  worker:
    | { bindings: object[], secrets: string[] }
    | null
  /** Method and path of every call. */
  readonly calls: string[]
  /** The next call whose path matches gets this answer. */
  fault: { readonly path: RegExp, readonly status: number, readonly code?: number, readonly body?: string } | null
  readonly close: () => Promise<void>
}

export const account = { accountId: '023e105f4ecef8ad9ca31a8372d0c353', token: 'cf-token-of-the-test' }
export const workerName = 'copilot-proxy-clouflare'

export async function startFakeCloudflare (): Promise<FakeCloudflare> {
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://fake')
    const path = url.pathname.replace(`/client/v4/accounts/${account.accountId}`, '')
    fake.calls.push(`${request.method} ${path}`)
    const send = (status: number, body: object): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    }
    const refuse = (status: number, code?: number): void => {
      send(status, { success: false, errors: code === undefined ? [] : [{ code, message: 'made by the test' }],
        result: null })
    }
    const give = (result: unknown, info?: object): void => {
      send(200, { success: true, errors: [], messages: [], result, ...info !== undefined && { result_info: info } })
    }

    const { fault } = fake
    if (fault?.path.test(path) === true) {
      fake.fault = null
      return fault.body === undefined
        ? refuse(fault.status, fault.code)
        : void response.writeHead(fault.status).end(fault.body)
    }
    if (request.headers.authorization !== `Bearer ${account.token}`) return refuse(403, 10_000)
    if (path === '/storage/kv/namespaces' && request.method === 'POST') {
      void text(request).then(body => {
        const { title } = JSON.parse(body) as { title: string }
        if (fake.namespaces.some(namespace => namespace.title === title)) return refuse(400, 10_014)
        const made = { id: `made-${fake.namespaces.length}`, title }
        fake.namespaces.push(made)
        give(made)
      })
      return
    }
    if (path === '/storage/kv/namespaces') {
      const page = Number(url.searchParams.get('page') ?? 1)
      const perPage = Number(url.searchParams.get('per_page') ?? 20)
      const result = fake.namespaces.slice((page - 1) * perPage, page * perPage)
      return give(result, { page, per_page: perPage, count: result.length, total_count: fake.namespaces.length,
        total_pages: Math.ceil(fake.namespaces.length / perPage) })
    }
    if (/^\/storage\/kv\/namespaces\/[^/]+\/keys$/.test(path)) {
      const limit = Math.min(1_000, Number(url.searchParams.get('limit') ?? 1_000))
      const from = Number(url.searchParams.get('cursor') ?? 0)
      const names = [...fake.records.keys()].filter(name => name.startsWith(url.searchParams.get('prefix') ?? ''))
        .sort()
      const result = names.slice(from, from + limit).map(name => ({ name }))
      return give(result, { count: result.length, cursor: from + limit < names.length ? String(from + limit) : '' })
    }
    if (/^\/storage\/kv\/namespaces\/[^/]+\/bulk\/get$/.test(path) && request.method === 'POST') {
      void text(request).then(body => {
        const { keys } = JSON.parse(body) as { keys: string[] }
        if (keys.length > 100) return refuse(400, 10_029)
        give({ values: Object.fromEntries(keys.map(key => [key, fake.records.get(key) ?? null])) })
      })
      return
    }
    if (fake.worker === null) return refuse(404, 10_007)
    if (path === `/workers/scripts/${workerName}/settings`) return give({ bindings: fake.worker.bindings })
    if (path === `/workers/scripts/${workerName}/secrets`) {
      return give(fake.worker.secrets.map(name => ({ name, type: 'secret_text' })))
    }
    return refuse(404, 7_003)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const fake: FakeCloudflare = {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
    namespaces: [],
    records: new Map(),
    worker: null,
    calls: [],
    fault: null,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return fake
}
