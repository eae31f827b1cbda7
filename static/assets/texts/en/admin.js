// Texts of the operator's page.

/** @satisfies {import('../../types.d.ts').Texts} */
export const admin = {}
