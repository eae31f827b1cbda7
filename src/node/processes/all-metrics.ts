// What `/metrics` adds to the counters of the workers that live: those of workers that ended, since a counter must not
// go down, and the figures of the supervising process.

/** As prom-client gives it: `registry.getMetricsAsJSON()`. */
export interface MetricJson {
  readonly name: string
  readonly help: string
  readonly type: string
  readonly values: ReadonlyArray<{ readonly value: number, readonly labels: object, readonly metricName?: string }>
  readonly aggregator: string
}

/** Workers that ended, as one worker more. */
export interface EndedCounts {
  /** @param text the worker's last counters */
  readonly add: (text: string) => void
  /** Null before the first. */
  readonly text: () => string | null
}

export function createEndedCounts (): EndedCounts {
  const metrics = new Map<string, MetricJson>()
  return {
    add (text) {
      for (const metric of JSON.parse(text) as MetricJson[]) {
        if (metric.type !== 'counter' && metric.type !== 'histogram') continue
        metrics.set(metric.name, sum(metrics.get(metric.name), metric))
      }
    },
    text: () => metrics.size === 0 ? null : JSON.stringify([...metrics.values()]),
  }
}

function sum (before: MetricJson | undefined, metric: MetricJson): MetricJson {
  const values = new Map((before?.values ?? []).map(each => [keyOf(each), each]))
  for (const each of metric.values) {
    values.set(keyOf(each), { ...each, value: each.value + (values.get(keyOf(each))?.value ?? 0) })
  }
  return { ...metric, values: [...values.values()] }
}

function keyOf ({ metricName = '', labels }: MetricJson['values'][number]): string {
  return `${metricName} ${JSON.stringify(labels)}`
}

/** @param workers how many live */
export function supervisorMetrics (workers: number): string {
  const { user, system } = process.cpuUsage()
  const one = (name: string, type: string, help: string, value: number, aggregator = 'sum'): MetricJson => ({ name,
    type, help, values: [{ value, labels: {} }], aggregator })
  return JSON.stringify([one('copilot_proxy_workers', 'gauge', 'Worker processes that serve.', workers),
    one('process_cpu_user_seconds_total', 'counter', 'Total user CPU time spent in seconds.', user / 1e6),
    one('process_cpu_system_seconds_total', 'counter', 'Total system CPU time spent in seconds.', system / 1e6),
    one('process_cpu_seconds_total', 'counter', 'Total user and system CPU time spent in seconds.',
      (user + system) / 1e6),
    one('process_resident_memory_bytes', 'gauge', 'Resident memory size in bytes.', process.memoryUsage.rss()),
    one('process_start_time_seconds', 'gauge', 'Start time of the process since unix epoch in seconds.',
      Math.round(performance.timeOrigin / 1_000), 'min')])
}
