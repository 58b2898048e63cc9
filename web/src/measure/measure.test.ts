import { describe, expect, it } from 'vitest'
import type { Position } from '../api/types'
import oracle from './oracle/pyproj.json'
import { plane } from './gauss_kruger'
import { area, box, distance, extent, length } from './measure'

const work = plane('EPSG:4548')!

describe('the work plane', () => {
  it('puts the check point of the domain facts where they say', () => {
    const [east, north] = work(116.75, 35.45)
    expect(east).toBeCloseTo(477303.581, 3)
    expect(north).toBeCloseTo(3924546.737, 3)
  })

  it('agrees with PROJ to a tenth of a millimetre in every system tried', () => {
    for (const p of oracle.points) {
      const [east, north] = plane(p.crs)!(p.lon, p.lat)
      expect(Math.abs(east - p.east), `${p.crs} ${p.lon} ${p.lat}`).toBeLessThan(1e-4)
      expect(Math.abs(north - p.north), `${p.crs} ${p.lon} ${p.lat}`).toBeLessThan(1e-4)
    }
  })

  it('refuses a system that is no Gauss–Krüger', () => {
    for (const crs of ['EPSG:3857', 'EPSG:4490', 'EPSG:45480', '4548', '']) expect(plane(crs)).toBeNull()
  })
})

describe('lengths and areas', () => {
  it('are those that pyproj gives in EPSG:4548', () => {
    for (const s of oracle.shapes) {
      const ring = s.ring as Position[]
      expect(Math.abs(length(work, ring) - s.length_m)).toBeLessThan(1e-3)
      // the oracle sums about a far origin, which costs it a few digits
      expect(Math.abs(area(work, ring) - s.area_m2)).toBeLessThan(0.5)
    }
  })

  it('do not depend on the turning of a ring or its closing point', () => {
    const ring = oracle.shapes[3]!.ring as Position[]
    const there = area(work, ring)
    expect(area(work, [...ring].reverse())).toBeCloseTo(there, 6)
    expect(area(work, [...ring, ring[0]!])).toBeCloseTo(there, 6)
  })

  it('take holes out of an area and add their edge to the perimeter', () => {
    const square = (r: number): Position[] => [[116.72 - r, 35.46 - r], [116.72 + r, 35.46 - r], [116.72 + r, 35.46 + r], [116.72 - r, 35.46 + r], [116.72 - r, 35.46 - r]]
    const [outer, hole] = [square(0.01), square(0.002)]
    const found = extent(work, { type: 'Polygon', coordinates: [outer, hole] })
    expect(found.area).toBeCloseTo(area(work, outer) - area(work, hole), 6)
    expect(found.perimeter).toBeCloseTo(length(work, outer) + length(work, hole), 6)
  })

  it('of a point are none', () => {
    expect(extent(work, { type: 'Point', coordinates: [116.72, 35.46] })).toEqual({})
    expect(extent(work, null)).toEqual({})
  })
})

describe('the nearest point', () => {
  it('is as near as the nearest of very many points on the line', () => {
    const line = oracle.shapes[4]!.ring as Position[]
    const from = work(116.73, 35.47)
    let least = Infinity
    for (let i = 1; i < line.length; i++) {
      const a = work(...line[i - 1]!)
      const b = work(...line[i]!)
      for (let k = 0; k <= 2000; k++) {
        const s = k / 2000
        least = Math.min(least, Math.hypot(from[0] - a[0] - (b[0] - a[0]) * s, from[1] - a[1] - (b[1] - a[1]) * s))
      }
    }
    expect(Math.abs(distance(work, from, { type: 'LineString', coordinates: line }) - least)).toBeLessThan(0.5)
    expect(distance(work, from, { type: 'LineString', coordinates: line })).toBeLessThanOrEqual(least)
  })

  it('of a box holds every position', () => {
    expect(box([{ type: 'Point', coordinates: [1, 2] }, null, { type: 'LineString', coordinates: [[0, 5], [3, 1]] }])).toEqual([0, 1, 3, 5])
    expect(box([null])).toBeNull()
  })
})
