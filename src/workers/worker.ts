// The entry point of the Worker.
import { createWorker } from './app.ts'

export default createWorker()
