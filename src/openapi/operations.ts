// Every operation by its id. A row of the route table names one, so that a route nobody described does not compile.
import { apiOperations } from './operations-api.ts'
import { siteOperations } from './operations-site.ts'

export const operations = { ...siteOperations, ...apiOperations }
export type OperationId = keyof typeof operations
