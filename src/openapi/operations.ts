// Every operation by its id. Each row of the route table names one, so a route without a description does not compile.
import { adminOperations } from './operations-admin.ts'
import { apiOperations } from './operations-api.ts'
import { siteOperations } from './operations-site.ts'

export const operations = { ...siteOperations, ...apiOperations, ...adminOperations }
export type OperationId = keyof typeof operations
