/** The instruction for an answer in JSON, for endpoints without a JSON mode. */
export const jsonOnly = 'Respond with a single valid JSON object and nothing else.'
