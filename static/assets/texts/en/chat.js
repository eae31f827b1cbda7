// Texts of the chat page.

/** @satisfies {import('../../types.d.ts').Texts} */
export const chat = {}
