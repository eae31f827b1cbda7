// Entry of the bundled server, for images: a Node that runs this is new enough already.
import { serve } from './server.ts'

await serve()
