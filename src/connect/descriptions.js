// The descriptions of clients are files of the pages, because both sides use them. `descriptions.d.ts` has their types.
export { accessOf, targets } from '../../static/assets/connect/targets.js'
