// The Durable Object on the platform itself: the contract of hot state, and what a call costs.
import t from 'tap'
import { createHotDurableObject } from '../../src/store/hot-durable-object.ts'
import { testHotState } from '../fixtures/hot-contract.ts'
import { startWorkerd } from '../fixtures/workerd.ts'
import { sleep } from './client.ts'

const workerd = await startWorkerd({ objects: true })
t.teardown(() => workerd.close())
const open = () => createHotDurableObject(workerd.objects)

testHotState(t, 'durable-object on workerd', () => ({
  hot: open(),
  other: open(),
  advance: sleep,
  usageOf: async username => (await workerd.objects.getByName(username).usage('2020-01-01', '2099-12-31')).rows,
}))
