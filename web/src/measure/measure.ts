// Lengths and areas in the work CRS, in metres and square metres. Pure; never in Web Mercator.
import type { Geometry, Position } from '../api/types'
import type { Plane } from './gauss_kruger'

const flat = (plane: Plane, line: readonly Position[]) => line.map(([lon, lat]) => plane(lon, lat))

/** Length of a line in metres. */
export function length(plane: Plane, line: readonly Position[]): number {
  const p = flat(plane, line)
  let sum = 0
  for (let i = 1; i < p.length; i++) sum += Math.hypot(p[i]![0] - p[i - 1]![0], p[i]![1] - p[i - 1]![1])
  return sum
}

/** Area within a ring in square metres, whichever way it turns; the last point need not repeat the first. */
export function area(plane: Plane, ring: readonly Position[]): number {
  const p = flat(plane, ring)
  const first = p[0]
  if (!first) return 0
  let twice = 0
  for (let i = 0; i < p.length; i++) {
    const a = p[i]!
    const b = p[(i + 1) % p.length]!
    // about the first point, so that the digits of the false easting do not drown the area's
    twice += (a[0] - first[0]) * (b[1] - first[1]) - (b[0] - first[0]) * (a[1] - first[1])
  }
  return Math.abs(twice) / 2
}

export interface Extent {
  length?: number
  area?: number
  perimeter?: number
}

/** What a feature measures: lines their length, areas their area and perimeter. */
export function extent(plane: Plane, geometry: Geometry | null): Extent {
  const sum = (values: number[]) => values.reduce((a, b) => a + b, 0)
  const polygon = (rings: Position[][]): Extent => ({
    area: area(plane, rings[0] ?? []) - sum(rings.slice(1).map((r) => area(plane, r))),
    perimeter: sum(rings.map((r) => length(plane, r))),
  })
  switch (geometry?.type) {
    case 'LineString': return { length: length(plane, geometry.coordinates) }
    case 'MultiLineString': return { length: sum(geometry.coordinates.map((l) => length(plane, l))) }
    case 'Polygon': return polygon(geometry.coordinates)
    case 'MultiPolygon': {
      const parts = geometry.coordinates.map(polygon)
      return { area: sum(parts.map((p) => p.area!)), perimeter: sum(parts.map((p) => p.perimeter!)) }
    }
    default: return {}
  }
}

/** All positions of a geometry. */
export function positions(geometry: Geometry | null): Position[] {
  switch (geometry?.type) {
    case 'Point': return [geometry.coordinates]
    case 'MultiPoint':
    case 'LineString': return geometry.coordinates
    case 'MultiLineString':
    case 'Polygon': return geometry.coordinates.flat()
    case 'MultiPolygon': return geometry.coordinates.flat(2)
    default: return []
  }
}

/** West, south, east, north; null when there is nothing. */
export function box(geometries: readonly (Geometry | null)[]): [number, number, number, number] | null {
  const out: [number, number, number, number] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const geometry of geometries) {
    for (const [lon, lat] of positions(geometry)) {
      out[0] = Math.min(out[0], lon)
      out[1] = Math.min(out[1], lat)
      out[2] = Math.max(out[2], lon)
      out[3] = Math.max(out[3], lat)
    }
  }
  return out[0] <= out[2] ? out : null
}

/** Metres from a place to the nearest point of a geometry's lines or points. */
export function distance(plane: Plane, from: readonly [number, number], geometry: Geometry | null): number {
  const line = (points: readonly Position[]) => {
    const p = flat(plane, points)
    let least = Infinity
    for (let i = 0; i < p.length; i++) {
      const a = p[i]!
      const b = p[i + 1] ?? a
      const [dx, dy] = [b[0] - a[0], b[1] - a[1]]
      const square = dx * dx + dy * dy
      const along = square ? Math.min(1, Math.max(0, ((from[0] - a[0]) * dx + (from[1] - a[1]) * dy) / square)) : 0
      least = Math.min(least, Math.hypot(from[0] - a[0] - along * dx, from[1] - a[1] - along * dy))
    }
    return least
  }
  switch (geometry?.type) {
    case 'Point': return line([geometry.coordinates])
    case 'LineString': return line(geometry.coordinates)
    case 'MultiPoint': return Math.min(...geometry.coordinates.map((c) => line([c])))
    case 'MultiLineString':
    case 'Polygon': return Math.min(...geometry.coordinates.map(line))
    case 'MultiPolygon': return Math.min(...geometry.coordinates.flat().map(line))
    default: return Infinity
  }
}
