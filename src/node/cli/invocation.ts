// How a person calls the command line: in a clone through npm, otherwise by its name. All texts use this form.
export const invocation = import.meta.url.endsWith('.ts') ? 'npm run -s cli --' : 'copilot-proxy'
