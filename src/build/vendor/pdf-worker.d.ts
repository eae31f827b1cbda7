// Its package has no types for the worker.
export const WorkerMessageHandler: unknown
