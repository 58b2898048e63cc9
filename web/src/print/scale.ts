// Scales: from a map's zoom to the ground and to paper. Pure. Web Mercator tiles of 512 pixels.

/** Metres of the equator over the 512 pixels of zoom 0. */
const WHOLE = (2 * Math.PI * 6378137) / 512

/** A CSS pixel is a 96th of an inch. */
const PIXEL_M = 0.0254 / 96

/** Metres on the ground under one CSS pixel. */
export const groundPerPixel = (zoom: number, lat: number): number => (WHOLE * Math.cos((lat * Math.PI) / 180)) / 2 ** zoom

/** The `n` of 1:n, for pixels of their nominal size, as they are on paper. */
export const denominator = (zoom: number, lat: number): number => groundPerPixel(zoom, lat) / PIXEL_M

/** The zoom at which a map printed in CSS sizes has the scale 1:n. */
export const zoomFor = (n: number, lat: number): number => Math.log2((WHOLE * Math.cos((lat * Math.PI) / 180)) / (n * PIXEL_M))

/** Scales that plans are drawn in. */
export const SCALES = [500, 1000, 2000, 2500, 5000, 10_000, 20_000, 25_000, 50_000] as const

/** The smallest usual scale at which `metres` of ground fit on `millimetres` of paper; its like, rounded up, beyond them. */
export function fitting(metres: number, millimetres: number): number {
  const least = (metres * 1000) / millimetres
  return SCALES.find((n) => n >= least) ?? Math.ceil(least / 10_000) * 10_000
}

/** A scale bar's length: 1, 2 or 5 times a power of ten metres, at most `widest` millimetres at 1:n. */
export function bar(n: number, widest: number): { metres: number; millimetres: number } {
  const most = (widest * n) / 1000
  const ten = 10 ** Math.floor(Math.log10(most))
  const metres = [5, 2, 1].map((k) => k * ten).find((m) => m <= most * (1 + 1e-9)) ?? ten
  return { metres, millimetres: (metres * 1000) / n }
}
