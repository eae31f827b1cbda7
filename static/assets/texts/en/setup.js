// Texts of the setup page.

/** @satisfies {import('../../types.d.ts').Texts} */
export const setup = {}
