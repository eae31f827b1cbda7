// What the chat page needs to read an archive that it imports.
export { unzipSync } from 'fflate'
