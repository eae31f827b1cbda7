// Loaded with the first Excel workbook.
export { default as readWorkbook } from 'read-excel-file/universal'
