// Puts plants to the belt they stand on, by plain distance in the work CRS. Pure.
import type { Feature } from '../api/types'
import type { Plane } from '../measure/gauss_kruger'
import { distance, positions } from '../measure/measure'

/** Farther from every axis than this many metres, a plant belongs to no belt. */
export const REACH_M = 6

/** For each plant the nearest belt within reach, or null. */
export function assign(plane: Plane, plants: readonly Feature[], belts: readonly Feature[]): (Feature | null)[] {
  // a box a belt in metres, grown by the reach, spares most of the distances
  const boxed = belts.map((belt) => {
    const p = positions(belt.geometry).map(([lon, lat]) => plane(lon, lat))
    const xs = p.map((c) => c[0])
    const ys = p.map((c) => c[1])
    return {
      belt,
      west: Math.min(...xs) - REACH_M,
      east: Math.max(...xs) + REACH_M,
      south: Math.min(...ys) - REACH_M,
      north: Math.max(...ys) + REACH_M,
    }
  })
  return plants.map((plant) => {
    const at = positions(plant.geometry)[0]
    if (!at) return null
    const place = plane(at[0], at[1])
    let best: Feature | null = null
    let least = REACH_M
    for (const b of boxed) {
      if (place[0] < b.west || place[0] > b.east || place[1] < b.south || place[1] > b.north) continue
      const d = distance(plane, place, b.belt.geometry)
      if (d <= least) {
        least = d
        best = b.belt
      }
    }
    return best
  })
}
