import { describe, expect, it } from 'vitest'
import type { Feature, Position } from '../api/types'
import { plane } from '../measure/gauss_kruger'
import { assign } from './assign'

const work = plane('EPSG:4548')!
/** Degrees to a metre, near enough for a test. */
const east = 1 / (111_320 * Math.cos((35.46 * Math.PI) / 180))
const north = 1 / 110_950
const at = (x: number, y: number): Position => [116.72 + x * east, 35.46 + y * north]
const belt = (id: string, ...line: [number, number][]): Feature => ({ type: 'Feature', id, geometry: { type: 'LineString', coordinates: line.map(([x, y]) => at(x, y)) }, properties: {} })
const plant = (x: number, y: number): Feature => ({ type: 'Feature', id: `${x},${y}`, geometry: { type: 'Point', coordinates: at(x, y) }, properties: {} })

describe('plants', () => {
  const belts = [belt('south', [0, 0], [50, 0], [100, 5]), belt('north', [0, 20], [100, 20])]
  it('go to the nearer belt, along a bent one too', () => {
    const found = assign(work, [plant(10, 1), plant(60, 19), plant(98, 4)], belts)
    expect(found.map((b) => b?.id)).toEqual(['south', 'north', 'south'])
  })
  it('too far from every belt go to none', () => {
    expect(assign(work, [plant(50, 10), plant(200, 0)], belts)).toEqual([null, null])
  })
})
