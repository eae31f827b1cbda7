// The environment that the setup page offers for Claude Code.
import t from 'tap'

interface Sized {
  readonly id: string
  readonly context: number | null
  readonly input: number | null
}
interface Choice {
  readonly root: string
  readonly password: string
  readonly model: Sized
  readonly small: Sized
  readonly models: readonly Sized[]
}

const path: string = '../../static/assets/connect/claude-code.js'
const { claudeEnvironment, newestClaude } = await import(path) as {
  claudeEnvironment: (choice: Choice) => Record<string, string | undefined>,
  newestClaude: (models: readonly Sized[], family: string) => Sized | undefined,
}

const model = (id: string, context: number | null = 200_000, input = context): Sized => ({ id, context, input })
const sonnet = model('claude-sonnet-4.6', 200_000, 168_000)
const mini = model('gpt-5-mini', 264_000, 128_000)
const seat = [model('claude-opus-4.5'), model('claude-opus-4.8'), model('claude-opus-4.7-fast'),
  model('claude-3.5-sonnet'), model('claude-sonnet-4'), sonnet, model('claude-haiku-4.5'), mini]
const of = (more: Partial<Choice>) =>
  claudeEnvironment({ root: 'http://a/mona', password: 'acpc-0123456789', model: sonnet, small: mini, models: seat,
    ...more })

t.test('claudeEnvironment() maps every alias of Claude Code, and leaves discovery on', async t => {
  t.strictSame(of({}), {
    ANTHROPIC_BASE_URL: 'http://a/mona',
    ANTHROPIC_AUTH_TOKEN: 'acpc-0123456789',
    ANTHROPIC_MODEL: 'claude-sonnet-4.6',
    ANTHROPIC_DEFAULT_OPUS_MODEL: 'claude-opus-4.8',
    ANTHROPIC_DEFAULT_SONNET_MODEL: 'claude-sonnet-4.6',
    ANTHROPIC_DEFAULT_HAIKU_MODEL: 'gpt-5-mini',
    ANTHROPIC_SMALL_FAST_MODEL: 'gpt-5-mini',
    CLAUDE_CODE_MAX_CONTEXT_TOKENS: '128000',
    CLAUDE_CODE_DISABLE_1M_CONTEXT: '1',
    CLAUDE_CODE_ENABLE_GATEWAY_MODEL_DISCOVERY: '1',
    DISABLE_TELEMETRY: '1',
    DISABLE_ERROR_REPORTING: '1',
  })
})

t.test('claudeEnvironment() keeps a million tokens where the seat has them', async t => {
  const wide = [model('claude-opus-4.8', 1_000_000), sonnet]
  t.notOk('CLAUDE_CODE_DISABLE_1M_CONTEXT' in of({ models: wide }))
  t.notOk('CLAUDE_CODE_DISABLE_1M_CONTEXT' in of({ models: [model('claude-opus-4.6')] }), 'an older one has none')
  t.equal(of({ models: [model('claude-sonnet-5')] }).CLAUDE_CODE_DISABLE_1M_CONTEXT, '1')
})

t.test('claudeEnvironment() compacts earlier for a Claude model with a small window', async t => {
  t.equal(of({ model: model('claude-sonnet-4', 128_000) }).CLAUDE_CODE_AUTO_COMPACT_WINDOW, '128000')
  t.equal(of({ model: model('claude-sonnet-4', 64_000) }).CLAUDE_CODE_AUTO_COMPACT_WINDOW, '100000')
})

t.test('claudeEnvironment() names one model where the seat has no other', async t => {
  const auto = model('auto', 200_000, 128_000)
  const made = of({ model: auto, small: auto, models: [auto] })
  for (const name of ['ANTHROPIC_MODEL', 'ANTHROPIC_DEFAULT_OPUS_MODEL', 'ANTHROPIC_DEFAULT_SONNET_MODEL',
    'ANTHROPIC_DEFAULT_HAIKU_MODEL', 'ANTHROPIC_SMALL_FAST_MODEL']) t.equal(made[name], 'auto', name)
  t.equal(made.CLAUDE_CODE_MAX_CONTEXT_TOKENS, '128000')
  const unknown = model('x', null)
  t.notOk('CLAUDE_CODE_MAX_CONTEXT_TOKENS' in of({ model: unknown, small: unknown, models: [unknown] }))
})

t.test('newestClaude() compares versions, and passes over variants', async t => {
  t.equal(newestClaude(seat, 'opus')?.id, 'claude-opus-4.8')
  t.equal(newestClaude(seat, 'sonnet')?.id, 'claude-sonnet-4.6')
  t.equal(newestClaude([model('claude-3.5-sonnet'), model('claude-3.7-sonnet')], 'sonnet')?.id, 'claude-3.7-sonnet')
  t.equal(newestClaude([mini], 'opus'), undefined)
})
