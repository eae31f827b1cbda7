import t from 'tap'
import { createHostCheck } from '../../src/allowed-hosts.ts'
import { GatewayError } from '../../src/errors.ts'

const nothing = { allowedHosts: [], publicOrigin: null }
const isAllowed = (check: ReturnType<typeof createHostCheck>, host: string | undefined, path = '/') => {
  try {
    check?.({ path, host })
  } catch (thrown) {
    return thrown instanceof GatewayError && thrown.status === 421 ? false : thrown
  }
  return true
}

t.test('M4: without settings host names are checked on loopback only', async t => {
  t.equal(createHostCheck(nothing, false), null)
  const check = createHostCheck(nothing, true)
  for (const host of [undefined, 'localhost', 'LocalHost:8787', 'localhost.', 'localhost:', 'app.localhost',
    '127.0.0.1', '127.3.2.1:80', '10.0.0.1', '255.255.255.255', '[::1]', '[::1]:1', '[::ffff:127.0.0.1]',
    '[2001:db8::1]:443']) t.equal(isAllowed(check, host), true, String(host))
  for (const host of ['', ' ', '.', '[.]', '[:]', '[1::2::3]', '.localhost', '127.0.0.999', ':80', 'evil.example',
    'evil.example:8787', 'localhost.evil.example', 'evil.example.localhost.com', '127.0.0.1.evil.example', '256.1.1.1',
    '1.2.3', '0x7f.1', '2130706433', '::1', '[evil.example]', 'a@localhost', 'localhost/evil', 'localhost,evil.example',
    'xn--localhost-x.example', 'localhost\u0000']) t.equal(isAllowed(check, host), false, JSON.stringify(host))
  for (const path of ['/healthz', '/readyz']) t.equal(isAllowed(check, 'evil.example', path), true)
  for (const path of ['/healthz/', '/HEALTHZ', '/readyz.', '/metrics']) {
    t.equal(isAllowed(check, 'evil.example', path), false, path)
  }
})

t.test('M4: ALLOWED_HOSTS and PUBLIC_ORIGIN add names; only the former turns the check on elsewhere', async t => {
  const settings = { allowedHosts: ['gateway', 'copilot.example.com'], publicOrigin: 'https://people.example:8443' }
  for (const isOnLoopback of [true, false]) {
    const check = createHostCheck(settings, isOnLoopback)
    for (const host of ['gateway', 'gateway:8787', 'Copilot.Example.com.', 'people.example', 'people.example:8443',
      'localhost']) t.equal(isAllowed(check, host), true, host)
    for (const host of ['example.com', 'x.gateway', 'people.example.evil.example']) {
      t.equal(isAllowed(check, host), false, host)
    }
  }
  t.equal(createHostCheck({ allowedHosts: [], publicOrigin: 'https://people.example' }, false), null,
    'PUBLIC_ORIGIN alone does not turn it on')
})
