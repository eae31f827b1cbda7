// The entry point of the Worker, and of the class of its Durable Objects.
import { createWorker } from './app.ts'

export { UserState } from './user-state-object.ts'
export default createWorker()
