import { describe, expect, it } from 'vitest'
import { type Condition, read, replaced, write } from './conditions'

const ALL: Condition[][] = [
  [],
  [{ field: 'kind', op: 'in', values: ['YS', 'WS'] }],
  [{ field: 'name', op: 'contains', text: "50%_o'clock\\路" }],
  [{ field: 'width_m', op: 'least', value: 3 }, { field: 'width_m', op: 'most', value: -0.5e-7 }],
  [{ field: 'built_on', op: 'since', day: '2020-01-01' }, { field: 'built_on', op: 'until', day: '2024-12-31' }],
  [{ field: 'operable', op: 'is', value: false }, { field: 'owner', op: 'empty' }],
  [{ field: 'a', op: 'in', values: ["it's", ' AND ', 'b) OR (1', ''] }, { field: 'b', op: 'contains', text: ' AND ' }],
]

describe('conditions', () => {
  it('come back from the text that they are written as', () => {
    for (const c of ALL) expect(read(write(c)), write(c)).toEqual(c)
    for (const a of ALL) for (const b of ALL) expect(read(write([...a, ...b]))).toEqual([...a, ...b])
  })

  it('are read from the filters of the figures', () => {
    expect(read("state IN ('existing', 'built')")).toEqual([{ field: 'state', op: 'in', values: ['existing', 'built'] }])
    expect(read("state = 'running'")).toEqual([{ field: 'state', op: 'in', values: ['running'] }])
  })

  it('are none of those that the page cannot show in its forms', () => {
    for (const cql of ["a = 'x' OR b = 'y'", "NOT (a = 'x')", 'S_INTERSECTS(geom, POINT(1 2))', "a LIKE 'x%'", 'a > 3', "a IN ('x'", "a = 'x' AND", "a IN ('x') b"]) {
      expect(read(cql), cql).toBeNull()
    }
  })

  it('on one field change and leave those on others', () => {
    const [kind, state]: Condition[] = [{ field: 'kind', op: 'in', values: ['YS'] }, { field: 'state', op: 'empty' }]
    expect(replaced([kind!, state!], 'kind', [])).toEqual([state])
    expect(replaced([state!], 'kind', [kind!])).toEqual([state, kind])
  })
})
