// What is drawn over the town's layers: the picked and hovered feature, the measured line, the user's place. Pure.
import type { LayerSpecification, SourceSpecification } from 'maplibre-gl'
import type { Geometry } from '../api/types'
import type { marks } from './stage'

const feature = (geometry: Geometry | null, properties: Record<string, unknown> = {}) =>
  geometry ? [{ type: 'Feature' as const, geometry: geometry as GeoJSON.Geometry, properties }] : []

const source = (features: GeoJSON.Feature[]): SourceSpecification => ({
  type: 'geojson',
  data: { type: 'FeatureCollection', features },
})

export function markSources(m: typeof marks): Record<string, SourceSpecification> {
  const { points, closed, moving } = m.measured
  const line = moving ? [...points, moving] : points
  const measured: GeoJSON.Feature[] = []
  if (closed && line.length > 2) {
    measured.push(...feature({ type: 'Polygon', coordinates: [[...line, line[0]!]] }))
  } else if (line.length > 1) {
    measured.push(...feature({ type: 'LineString', coordinates: line }))
  }
  measured.push(...points.flatMap((p) => feature({ type: 'Point', coordinates: p })))
  return {
    'mark-picked': source([...feature(m.picked), ...m.near.flatMap((g) => feature(g, { faint: true }))]),
    'mark-hovered': source(feature(m.hovered)),
    'mark-measured': source(measured),
    'mark-here': source(m.here ? feature({ type: 'Point', coordinates: [m.here.lon, m.here.lat] }) : []),
  }
}

export function markLayers(dark: boolean): LayerSpecification[] {
  const picked = dark ? '#ffcf5a' : '#e8590c'
  const halo = dark ? '#0d1013' : '#ffffff'
  const measure = dark ? '#8ab8ff' : '#1654b8'
  const faint = (a: number, b: number) => ['case', ['boolean', ['get', 'faint'], false], a, b] as unknown as number
  const is = (...kinds: string[]) => ['in', ['geometry-type'], ['literal', kinds]] as unknown as true
  const area = is('Polygon', 'MultiPolygon')
  const dot = is('Point', 'MultiPoint')
  const edge = is('Polygon', 'MultiPolygon', 'LineString', 'MultiLineString')
  const round = { 'line-cap': 'round', 'line-join': 'round' } as const
  return [
    { id: 'mark-hovered', type: 'line', source: 'mark-hovered', filter: edge, layout: round, paint: { 'line-color': picked, 'line-width': 5, 'line-opacity': 0.4 } },
    { id: 'mark-hovered-dot', type: 'circle', source: 'mark-hovered', filter: dot, paint: { 'circle-radius': 11, 'circle-color': picked, 'circle-opacity': 0.25 } },
    { id: 'mark-picked-fill', type: 'fill', source: 'mark-picked', filter: area, paint: { 'fill-color': picked, 'fill-opacity': faint(0.05, 0.14) } },
    { id: 'mark-picked-halo', type: 'line', source: 'mark-picked', filter: edge, layout: round, paint: { 'line-color': halo, 'line-width': faint(5, 9), 'line-opacity': 0.85 } },
    { id: 'mark-picked-line', type: 'line', source: 'mark-picked', filter: edge, layout: round, paint: { 'line-color': picked, 'line-width': faint(2, 4.5), 'line-opacity': faint(0.7, 1) } },
    { id: 'mark-picked-dot-halo', type: 'circle', source: 'mark-picked', filter: dot, paint: { 'circle-radius': faint(8, 14), 'circle-opacity': 0, 'circle-stroke-color': halo, 'circle-stroke-width': faint(3, 6), 'circle-stroke-opacity': 0.85 } },
    { id: 'mark-picked-dot', type: 'circle', source: 'mark-picked', filter: dot, paint: { 'circle-radius': faint(8, 14), 'circle-opacity': 0, 'circle-stroke-color': picked, 'circle-stroke-width': faint(1.5, 3.2) } },
    { id: 'mark-measured-fill', type: 'fill', source: 'mark-measured', filter: area, paint: { 'fill-color': measure, 'fill-opacity': 0.14 } },
    { id: 'mark-measured-halo', type: 'line', source: 'mark-measured', filter: edge, layout: round, paint: { 'line-color': halo, 'line-width': 6, 'line-opacity': 0.8 } },
    { id: 'mark-measured-line', type: 'line', source: 'mark-measured', filter: edge, layout: round, paint: { 'line-color': measure, 'line-width': 2.6 } },
    { id: 'mark-measured-dot', type: 'circle', source: 'mark-measured', filter: dot, paint: { 'circle-radius': 4.5, 'circle-color': halo, 'circle-stroke-color': measure, 'circle-stroke-width': 2.4 } },
    { id: 'mark-here', type: 'circle', source: 'mark-here', paint: { 'circle-radius': 7, 'circle-color': '#1c7ef0', 'circle-stroke-color': '#ffffff', 'circle-stroke-width': 2.5 } },
  ]
}
