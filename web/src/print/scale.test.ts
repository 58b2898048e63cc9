import { describe, expect, it } from 'vitest'
import oracle from '../measure/oracle/pyproj.json'
import { plane } from '../measure/gauss_kruger'
import { bar, denominator, fitting, groundPerPixel, SCALES, zoomFor } from './scale'

describe('scales', () => {
  it('are undone by the zoom that makes them', () => {
    for (const n of SCALES) for (const lat of [0, 35.46, -60]) expect(denominator(zoomFor(n, lat), lat)).toBeCloseTo(n, 6)
  })

  it('agree with the ground within what Mercator and the plane differ by', () => {
    // a hundredth of a degree east and north, in tiles of 512 pixels, against metres of the work plane
    const work = plane('EPSG:4548')!
    for (const s of oracle.shapes) {
      const [lon, lat] = s.ring[0] as [number, number]
      const a = work(lon - 0.005, lat)
      const b = work(lon + 0.005, lat)
      const pixels = (0.01 / 360) * 512 * 2 ** 15
      const metres = Math.hypot(b[0] - a[0], b[1] - a[1])
      // the sphere of Web Mercator against the ellipsoid: up to 0.4 %
      expect(Math.abs(pixels * groundPerPixel(15, lat) - metres) / metres).toBeLessThan(0.004)
    }
  })

  it('fit the ground on the paper, and the next larger one does not', () => {
    for (const [metres, mm] of [[1000, 277], [277, 277], [9000, 190], [30, 400]] as const) {
      const n = fitting(metres, mm)
      expect((metres * 1000) / n).toBeLessThanOrEqual(mm)
      const larger = [...SCALES].reverse().find((s) => s < n)
      if (larger) expect((metres * 1000) / larger).toBeGreaterThan(mm)
    }
    expect(fitting(100_000, 200)).toBe(500_000)
  })

  it('have bars of a round length that is as long on paper as it says', () => {
    for (const n of [...SCALES, 7300, 123_456]) {
      const b = bar(n, 50)
      expect(b.millimetres).toBeLessThanOrEqual(50 + 1e-9)
      expect(b.millimetres).toBeGreaterThan(19.9)
      expect((b.metres * 1000) / n).toBeCloseTo(b.millimetres, 9)
      expect([1, 2, 5]).toContain(Number(String(b.metres)[0]))
    }
  })
})
