// H1: no request costs more than its length, in whatever dialect it is sent on.
import t from 'tap'
import { assertRequestsLinear } from './requests.ts'

t.setTimeout(600_000)
assertRequestsLinear(t, 'openai-chat')
