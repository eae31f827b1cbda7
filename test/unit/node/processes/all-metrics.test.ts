// The counters of workers that ended stay in the sum.
import t from 'tap'
import prometheus from 'prom-client'
import { createEndedCounts, supervisorMetrics, type MetricJson } from '../../../../src/node/processes/all-metrics.ts'

async function snapshot (add: (registers: prometheus.Registry[]) => void): Promise<string> {
  const registry = new prometheus.Registry()
  add([registry])
  return JSON.stringify(await registry.getMetricsAsJSON())
}

function worker (calls: Record<string, number>, seconds: readonly number[]): Promise<string> {
  return snapshot(registers => {
    const counter = new prometheus.Counter({ name: 'calls_total', help: 'x', labelNames: ['model'], registers })
    for (const [model, count] of Object.entries(calls)) counter.inc({ model }, count)
    const histogram = new prometheus.Histogram({ name: 'seconds', help: 'x', buckets: [1, 10], registers })
    for (const value of seconds) histogram.observe(value)
    new prometheus.Gauge({ name: 'in_flight', help: 'x', registers }).set(7)
  })
}

async function textOf (parts: readonly string[]): Promise<string> {
  return prometheus.AggregatorRegistry.aggregate(parts.map(part => JSON.parse(part) as MetricJson[])).metrics()
}

t.test('counters and histograms of ended workers are added up; gauges end with their worker', async t => {
  const ended = createEndedCounts()
  t.equal(ended.text(), null)
  ended.add(await worker({ a: 1, b: 2 }, [0.5, 5]))
  ended.add(await worker({ b: 3, c: 4 }, [5, 50]))
  const text = await textOf([await worker({ a: 10 }, [0.5]), ended.text() ?? ''])
  for (const line of ['calls_total{model="a"} 11', 'calls_total{model="b"} 5', 'calls_total{model="c"} 4',
    'seconds_bucket{le="1"} 2', 'seconds_bucket{le="10"} 4', 'seconds_bucket{le="+Inf"} 5', 'seconds_count 5',
    'seconds_sum 61', 'in_flight 7']) t.ok(text.includes(`${line}\n`), line)
})

t.test('the supervisor adds its own memory and processor time under the names that prom-client uses', async t => {
  const usual = new Map((JSON.parse(await snapshot(([register]) => {
    prometheus.collectDefaultMetrics({ register: register ?? prometheus.register })
  })) as MetricJson[]).map(metric => [metric.name, metric]))
  for (const { name, type, help } of JSON.parse(supervisorMetrics(2)) as MetricJson[]) {
    if (name === 'copilot_proxy_workers') continue
    t.match(usual.get(name), { type, help }, name)
  }
})
