// Reads VALKEY_URL. Its password never appears in a message.

export interface ValkeyAddress {
  /** Of the server, of the Sentinels, or of some nodes of the cluster. */
  readonly addresses: ReadonlyArray<{ readonly host: string, readonly port: number }>
  readonly isTls: boolean
  readonly username: string | null
  readonly password: string | null
  readonly db: number
}

const schemes: Readonly<Record<string, boolean>> = { 'redis:': false, 'valkey:': false, 'rediss:': true,
  'valkeys:': true }
const nowhere: ValkeyAddress = { addresses: [], isTls: false, username: null, password: null, db: 0 }
const wrong = 'VALKEY_URL: of the form valkey://user:password@host:6379/0 or, with TLS, valkeys://…; redis:// and '
  + 'rediss:// mean the same. Further hosts follow after commas. In a password, write signs such as @ : / , % in '
  + 'percent encoding'

/** @param url several hosts are separated by commas: the first has the scheme, the user and the database for all */
export function readValkey (url: string | undefined, problems: string[]): ValkeyAddress {
  if (url === undefined) {
    problems.push('VALKEY_URL: needed when STORE is valkey')
    return nowhere
  }
  const [first = '', ...others] = url.split(',').map(part => part.trim())
  const main = URL.canParse(first) ? new URL(first) : null
  const isTls = schemes[main?.protocol ?? '']
  const more = others.map(host => `${main?.protocol}//${host.replace(/^\w+:\/\//, '')}`)
  const db = /^\/?$/.test(main?.pathname ?? '') ? 0 : Number(main?.pathname.slice(1))
  const parsed = [first, ...more].map(text => URL.canParse(text) ? new URL(text) : null)
  const isGood = main !== null && isTls !== undefined && Number.isInteger(db) && db >= 0 && db < 1_024
    && parsed.every(each => each !== null && each.hostname !== '' && each.search === '' && each.hash === '')
    && isDecodable(main)
  if (!isGood) {
    problems.push(wrong)
    return nowhere
  }
  return {
    addresses: parsed.flatMap(each => each === null ? [] : [toAddress(each)]),
    isTls,
    username: main.username === '' ? null : decodeURIComponent(main.username),
    password: main.password === '' ? null : decodeURIComponent(main.password),
    db,
  }
}

function toAddress ({ hostname, port }: URL): { host: string, port: number } {
  return { host: hostname.replace(/^\[|\]$/g, ''), port: port === '' ? 6_379 : Number(port) }
}

function isDecodable ({ username, password }: URL): boolean {
  try {
    decodeURIComponent(username + password)
    return true
  } catch {
    return false
  }
}
