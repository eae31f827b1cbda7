// The counters on Node, for Prometheus. No label contains a user's name or text, and each has few values: routes are
// patterns, models are at most a hundred names that upstream answered with, and all other values are constants.
import type { Counter, Histogram } from 'prom-client'
import { streamEvents, type Meter } from '../meter.ts'
import type { Peers } from './peers.ts'
import type { MetricJson } from './processes/all-metrics.ts'

export interface NodeMeter extends Meter {
  readonly request: (route: string, method: string, status: number, ms: number) => void
  readonly firstByte: (route: string, ms: number) => void
  readonly storeCall: (driver: string, operation: string, outcome: string, ms: number) => void
  readonly upstream: (host: 'github' | 'copilot', outcome: string, ms: number) => void
}
export interface Metrics {
  readonly meter: NodeMeter
  readonly exposition: () => Promise<{ readonly contentType: string, readonly text: string }>
  /** The counters of this process as JSON, to be added to those of others. */
  readonly snapshot: () => Promise<string>
}

const maxModels = 100
const methods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'WS'])
/** Seconds, and tokens per second. Answers take from a millisecond to many minutes, the store less. */
const buckets = {
  answer: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600],
  overhead: [0.00005, 0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 10],
  rate: [1, 2, 5, 10, 20, 30, 50, 75, 100, 150, 200, 300, 500, 1_000],
  store: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 3, 10],
}

/**
 * Loads the library only now, because it starts a timer that measures the lag of the event loop.
 * @param peers the other processes that serve with this one: the text is then that of all
 */
export async function createMetrics (peers: Pick<Peers, 'ask'> | null = null): Promise<Metrics> {
  // The default export: a CommonJS module has no other in a bundle.
  const { AggregatorRegistry, Counter, Gauge, Histogram, Registry, collectDefaultMetrics } =
    (await import('prom-client')).default
  const registry = new Registry()
  const registers = [registry]
  const counter = <L extends string>(name: string, help: string, ...labelNames: L[]) =>
    new Counter<L>({ name: `copilot_proxy_${name}`, help, labelNames, registers })
  const histogram = <L extends string>(name: string, help: string, buckets: number[], ...labelNames: L[]) =>
    new Histogram<L>({ name: `copilot_proxy_${name}`, help, buckets, labelNames, registers })
  collectDefaultMetrics({ register: registry }) // process_*, nodejs_*: memory, descriptors, CPU, event-loop lag

  const requests = counter('requests_total', 'Requests by route pattern, method and status.', 'route', 'method',
    'status')
  const durations = histogram('request_duration_seconds', 'From the arrival of a request to the end of its answer.',
    buckets.answer, 'route')
  const firstBytes = histogram('first_byte_seconds',
    "From the arrival of an API request to the first byte of its answer's body.", buckets.answer, 'route')
  const overheads = histogram('overhead_seconds',
    'Of a model call from its complete request until the gateway asks Copilot, with its waits for a place among the '
      + "user's calls, the store, a list of models that it does not know yet and a session of Auto; of an answer that "
      + "is not streamed, also the time after Copilot's last byte.", buckets.overhead)
  const firstTokens = histogram('time_to_first_token_seconds',
    'From the complete request to the first token of a stream.', buckets.answer, 'model')
  const rates = histogram('tokens_per_second', 'Tokens of a stream, from the first one on.', buckets.rate, 'model')
  const answeredRules = counter('refusals_answered_total', 'Refusals of Copilot that a rule answered.', 'rule')
  const streams = new Gauge({ name: 'copilot_proxy_streams_in_flight', help: 'Streamed answers under way.', registers })
  void new Counter({
    name: 'copilot_proxy_stream_events_total',
    help: 'Events of streamed answers by their path through the relay.',
    labelNames: ['path'],
    registers,
    collect () {
      this.reset()
      this.inc({ path: 'fast' }, streamEvents.fast)
      this.inc({ path: 'slow' }, streamEvents.slow)
    },
  })
  const calls = counter('model_calls_total', 'Answers of models.', 'model')
  const tokens = counter('tokens_total', 'Tokens as upstream counted them; input includes cached.', 'model', 'kind')
  const credits = counter('ai_credits_total', 'AI credits as upstream reported them.', 'model')
  const exchanges = counter('token_exchanges_total', 'Exchanges of a GitHub token for a Copilot token, by outcome.',
    'outcome')
  const searches = counter('web_searches_total', 'Searches of the web by the gateway, by outcome.', 'outcome')
  const failures = counter('auth_failures_total', 'Failed proofs of identity, by what was attempted.', 'action')
  const limits = counter('limited_total', 'Limits of this proxy that were hit, by what was attempted.', 'action')
  const storeCalls = counter('store_calls_total', 'Calls of the store.', 'driver', 'operation', 'outcome')
  const storeTimes = histogram('store_call_duration_seconds', 'How long the store took.', buckets.store, 'driver',
    'operation')
  const upstreamCalls = counter('upstream_responses_total',
    'Answers of GitHub and Copilot by class of status, and calls that had none.', 'host', 'outcome')
  const upstreamTimes = histogram('upstream_headers_seconds', 'Until GitHub or Copilot sent a status.', buckets.answer,
    'host')
  const models = createModelNames()

  return {
    async exposition () {
      const all = peers === null ? registry : AggregatorRegistry.aggregate((await peers.ask('metrics')).map(parse))
      return { contentType: registry.contentType, text: await all.metrics() }
    },
    snapshot: async () => JSON.stringify((await registry.getMetricsAsJSON()).map(forAll)),
    meter: {
      request (route, method, status, ms) {
        requests.inc({ route, method: methods.has(method) ? method : 'other', status: String(status) })
        durations.observe({ route }, ms / 1_000)
      },
      firstByte (route, ms) {
        firstBytes.observe({ route }, ms / 1_000)
      },
      streamBegan () {
        streams.inc()
      },
      streamEnded () {
        streams.dec()
      },
      modelCall (id, usage) {
        const model = models(id)
        calls.inc({ model })
        if (usage === null) return
        add(tokens, { model, kind: 'input' }, usage.input)
        add(tokens, { model, kind: 'cached' }, usage.cacheRead)
        add(tokens, { model, kind: 'output' }, usage.output)
        add(credits, { model }, usage.nanoCredits / 1e9)
      },
      overhead (ms) {
        overheads.observe(ms / 1_000)
      },
      streamed (id, ms, perSecond) {
        const model = models(id)
        observe(firstTokens, { model }, ms)
        if (perSecond !== null) rates.observe({ model }, perSecond)
      },
      ruleAnswered (rule) {
        answeredRules.inc({ rule })
      },
      exchange (outcome) {
        exchanges.inc({ outcome })
      },
      webSearch (outcome) {
        searches.inc({ outcome })
      },
      authFailed (action) {
        failures.inc({ action })
      },
      limited (action) {
        limits.inc({ action })
      },
      storeCall (driver, operation, outcome, ms) {
        storeCalls.inc({ driver, operation, outcome })
        observe(storeTimes, { driver, operation }, ms)
      },
      upstream (host, outcome, ms) {
        upstreamCalls.inc({ host, outcome })
        if (outcome.endsWith('xx')) observe(upstreamTimes, { host }, ms)
      },
    },
  }
}

const parse = (text: string): MetricJson[] => JSON.parse(text) as MetricJson[]

/** One slow process must not vanish in an average, and the oldest process says how long the server runs. */
function forAll<M extends { readonly aggregator: string }> (metric: M): M {
  const aggregator = ownAggregators[metric.aggregator] ?? metric.aggregator
  return { ...metric, aggregator }
}
const ownAggregators: Readonly<Record<string, string>> = { average: 'max', omit: 'min' }

/** Upstream may report any number, and a counter throws when it would go down. */
function add<L extends string> (counter: Counter<L>, labels: Record<L, string>, value: number): void {
  if (Number.isFinite(value) && value > 0) counter.inc(labels as Partial<Record<L, string>>, value)
}

function observe<L extends string> (histogram: Histogram<L>, labels: Record<L, string>, ms: number): void {
  histogram.observe(labels as Partial<Record<L, string>>, ms / 1_000)
}

/** Keeps the first hundred names that look like names of models. All others become `other`. */
export function createModelNames (): (id: string) => string {
  const known = new Set<string>()
  return id => {
    if (known.has(id)) return id
    if (known.size >= maxModels || !/^[\w.:/-]{1,64}$/.test(id)) return 'other'
    known.add(id)
    return id
  }
}
