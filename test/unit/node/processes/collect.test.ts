// An answer about all workers waits for each of them, but not for long.
import t from 'tap'
import { createCollector } from '../../../../src/node/processes/collect.ts'
import type { Question } from '../../../../src/node/processes/messages.ts'

const newWorker = () => ({ ids: [] as number[], last: new Map<Question, string>(), collect (id: number) {
  this.ids.push(id)
} })

t.test('it has the part of each worker; one that ends meanwhile counts with its last part', async t => {
  const { ask, answered, gone } = createCollector<ReturnType<typeof newWorker>>()
  const [a, b] = [newWorker(), newWorker()]
  const first = ask([a, b], 'metrics')
  answered(b, b.ids[0] ?? -1, 'b1')
  answered(a, a.ids[0] ?? -1, 'a1')
  t.same(await first, ['a1', 'b1'])

  const second = ask([a, b], 'metrics')
  answered(a, a.ids[1] ?? -1, 'a2')
  gone(b)
  t.same(await second, ['a2', 'b1'])
  t.same(await ask([], 'metrics'), [])
})

t.test('a worker that does not answer in time counts with its last part, and without one not at all', async t => {
  const { ask, answered } = createCollector<ReturnType<typeof newWorker>>(20)
  const [a, silent] = [newWorker(), newWorker()]
  const asked = ask([a, silent], 'errors')
  answered(a, a.ids[0] ?? -1, 'a')
  t.same(await asked, ['a'])
  answered(silent, silent.ids[0] ?? -1, 'late')
  t.same(await ask([silent], 'errors'), [])
})
