// CGCS2000 longitude/latitude to the town's Gauss–Krüger plane and back. Pure.
// Krüger's series in the third flattening n to the sixth order; ellipsoid and parameters as the EPSG registry has them.

/** Semi-major axis in metres, and inverse flattening, of CGCS2000. */
const A = 6378137
const INVERSE_FLATTENING = 298.257222101

const F = 1 / INVERSE_FLATTENING
const N = F / (2 - F)
const E = Math.sqrt(F * (2 - F))

const power = (k: number) => N ** k
/** Radius of the rectifying sphere. */
const R = (A / (1 + N)) * (1 + power(2) / 4 + power(4) / 64 + power(6) / 256)

/** Krüger 1912 as extended by Karney 2011, eq. 35. */
const ALPHA = [
  N / 2 - (2 / 3) * power(2) + (5 / 16) * power(3) + (41 / 180) * power(4) - (127 / 288) * power(5) + (7891 / 37800) * power(6),
  (13 / 48) * power(2) - (3 / 5) * power(3) + (557 / 1440) * power(4) + (281 / 630) * power(5) - (1983433 / 1935360) * power(6),
  (61 / 240) * power(3) - (103 / 140) * power(4) + (15061 / 26880) * power(5) + (167603 / 181440) * power(6),
  (49561 / 161280) * power(4) - (179 / 168) * power(5) + (6601661 / 7257600) * power(6),
  (34729 / 80640) * power(5) - (3418889 / 1995840) * power(6),
  (212378941 / 319334400) * power(6),
]

/** Central meridian in degrees and false easting in metres, by EPSG code: 3° zones without zone number 4534–4554,
 * with it 4513–4533, 6° zones 4502–4512 and 4491–4501. */
export function parameters(crs: string): { meridian: number; easting: number } | null {
  const code = Number(/^EPSG:(\d+)$/.exec(crs)?.[1])
  const within = (first: number, last: number) => code >= first && code <= last
  if (within(4534, 4554)) return { meridian: 75 + 3 * (code - 4534), easting: 500_000 }
  if (within(4513, 4533)) return { meridian: 75 + 3 * (code - 4513), easting: (25 + code - 4513) * 1e6 + 500_000 }
  if (within(4502, 4512)) return { meridian: 75 + 6 * (code - 4502), easting: 500_000 }
  if (within(4491, 4501)) return { meridian: 75 + 6 * (code - 4491), easting: (13 + code - 4491) * 1e6 + 500_000 }
  return null
}

export type Plane = (lon: number, lat: number) => [east: number, north: number]

/** The way from degrees to metres, easting first; null for a system that is none of these. */
export function plane(crs: string): Plane | null {
  const zone = parameters(crs)
  if (!zone) return null
  return (lon, lat) => {
    const phi = (lat * Math.PI) / 180
    const lambda = ((lon - zone.meridian) * Math.PI) / 180
    const s = Math.sin(phi)
    // conformal latitude as its tangent
    const t = Math.sinh(Math.atanh(s) - E * Math.atanh(E * s))
    const xi = Math.atan2(t, Math.cos(lambda))
    const eta = Math.asinh(Math.sin(lambda) / Math.hypot(t, Math.cos(lambda)))
    let north = xi
    let east = eta
    ALPHA.forEach((a, i) => {
      const k = 2 * (i + 1)
      north += a * Math.sin(k * xi) * Math.cosh(k * eta)
      east += a * Math.cos(k * xi) * Math.sinh(k * eta)
    })
    return [zone.easting + R * east, R * north]
  }
}
