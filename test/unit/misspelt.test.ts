import t from 'tap'
import { readConfig } from '../../src/config.ts'
import { editDistance } from '../../src/edit-distance.ts'

const named = (env: Record<string, unknown>) => readConfig(env).warnings.filter(text => text.includes('did you mean'))

t.test('editDistance() counts inserted, deleted, replaced and swapped letters', async t => {
  const cases = [['PORT', 'PORT', 0], ['PROT', 'PORT', 1], ['PRT', 'PORT', 1], ['PORTS', 'PORT', 1], ['HOME', 'HOST',
    2], ['', 'abc', 3], ['kitten', 'sitting', 3]] as const
  for (const [a, b, distance] of cases) {
    t.equal(editDistance(a, b), distance, `${a} and ${b}`)
    t.equal(editDistance(b, a), distance, `${b} and ${a}`)
  }
})

t.test('a name that is near a setting is named with it, and without its value', async t => {
  const cases = { PROT: 'PORT', STOER: 'STORE', DATADIR: 'DATA_DIR', SECRET_PEPER: 'SECRET_PEPPER',
    CF_KV_NAMESPACEID: 'CF_KV_NAMESPACE_ID', REGISTRATON_CODE: 'REGISTRATION_CODE', LOGLEVEL: 'LOG_LEVEL' }
  for (const [wrong, meant] of Object.entries(cases)) {
    t.strictSame(named({ [wrong]: 'hidden-value' }), [`${wrong} is not a setting: did you mean ${meant}?`])
  }
})

t.test('the usual environment of a shell, of npm, of containers and of a Worker has no such name', async t => {
  const usual = ['HOME', 'USER', 'SHELL', 'PATH', 'PWD', 'OLDPWD', 'TERM', 'LANG', 'LC_ALL', 'HOSTNAME', 'HOSTTYPE',
    'EDITOR', 'DISPLAY', 'TMPDIR', 'MAIL', 'SHLVL', 'NODE_ENV', 'NODE_OPTIONS', 'FTP_PROXY', 'ALL_PROXY', 'COLORTERM',
    'npm_config_port', 'INIT_CWD', 'SSH_AUTH_SOCK', 'KUBERNETES_PORT', 'SITE_ADDRESS', 'GITHUB_TOKEN', 'CI', 'port']
  t.strictSame(named(Object.fromEntries(usual.map(name => [name, 'x']))), [])
  t.strictSame(
    readConfig({ PROT: '', TOKEN_KVS: {}, [`A${'B'.repeat(10_000)}`]: 'x' }, 'worker').warnings.filter(text =>
      text.includes('did you mean')
    ),
    [],
  )
})
