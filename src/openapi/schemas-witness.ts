// Schemas of the witness: its questions, its request and its report.
import { questions } from '../witness/questions.ts'
import { shape, textSchema } from './shape.ts'

const ids = { enum: questions.map(({ id }) => id) }
const texts = { type: 'array', items: textSchema }

export const witnessSchemas = {
  WitnessQuestions: shape({
    object: { const: 'list' },
    data: { type: 'array', items: shape({ id: ids, asks: textSchema, cost: { enum: ['nothing', 'free'] } }) },
  }),
  WitnessRequest: shape({
    only: { type: ['array', 'null'], minItems: 1, items: ids, description: 'Only these questions.' },
  }, []),
  WitnessReport: shape({
    object: { const: 'witness' },
    version: textSchema,
    day: { type: 'string', format: 'date' },
    asked: { type: 'array', items: ids },
    holds: texts,
    differs: { type: 'array',
      items: shape({ fact: textSchema, says: textSchema, spec: textSchema, seen: textSchema }) },
    skipped: { type: 'array', items: shape({ question: textSchema, why: textSchema }) },
    new: shape({ models: texts, fields: texts, headers: texts }),
  }),
} as const
