// Loaded with the first diagram, in the frame that draws diagrams.
export { default as mermaid } from 'mermaid'
