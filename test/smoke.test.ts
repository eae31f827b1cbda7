import t from 'tap'
t.test('tap runs TypeScript as it is', async t => { const n: number = 1; t.equal(n, 1) })
