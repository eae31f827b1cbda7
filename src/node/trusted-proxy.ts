// TRUST_PROXY: which peers are the operator's reverse proxies. Fastify decides the same for forwarded headers but does
// not expose it; a test compares the two.
import { BlockList, isIP } from 'node:net'

const named: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1/8', '::1/128'],
  linklocal: ['169.254.0.0/16', 'fe80::/10'],
  uniquelocal: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7'],
}

/** @returns whether an address is one of them; false if it is no address */
export function createTrust (trustProxy: readonly string[]): (address: string | undefined) => boolean {
  if (trustProxy.length === 0) return () => false
  const trusted = new BlockList()
  for (const range of trustProxy.flatMap(entry => named[entry] ?? [entry])) {
    const [address = '', prefix] = range.split('/')
    const family = isIP(address) === 4 ? 'ipv4' : 'ipv6'
    if (prefix === undefined) trusted.addAddress(address, family)
    else trusted.addSubnet(address, Number(prefix), family)
  }
  return address => {
    const family = isIP(address ?? '')
    return address !== undefined && family !== 0
      && trusted.check(address.replace(/%.*$/, ''), family === 4 ? 'ipv4' : 'ipv6')
  }
}
