// What the server says, as the page reads it.

export type Lang = 'zh' | 'en'

export interface Words {
  zh: string
  en: string
}

export interface Code extends Words {
  code: string
  color?: string
}

export type FieldType = 'text' | 'integer' | 'number' | 'boolean' | 'date' | 'datetime' | 'list'

export interface Field {
  id: string
  title: Words
  type: FieldType
  unit?: string
  required?: boolean
  closed?: boolean
  min?: number
  max?: number
  tile_zoom?: number
  search?: boolean
  /** `layer.field` that its values point to. */
  refers?: string
  values?: Code[]
}

export type GeometryKind = 'Point' | 'LineString' | 'Polygon'

export interface Layer {
  id: string
  title: Words
  about: Words
  group: string
  geometry: GeometryKind[]
  zoom: { min: number; full: number }
  label?: string
  draw: { color: string; by: string | null; size: number; fill: number; base: boolean; shown: boolean; order: number }
  field: Field[]
  count: number
  bounds: [number, number, number, number] | null
}

export interface Group {
  id: string
  title: Words
}

export interface Catalogue {
  town: {
    id: string
    title: Words
    office: Words
    secrecy: Words
    extent: [number, number, number, number]
    center: [number, number, number]
    work_crs: string
  }
  sample: boolean
  seq: number
  groups: Group[]
  layers: Layer[]
}

export interface Figure {
  id: string
  title: Words
  unit: Words
  value: number
  of?: number
  text: Words
  layer: string
  filter?: string
}

export type Position = [number, number]

export type Geometry =
  | { type: 'Point'; coordinates: Position }
  | { type: 'MultiPoint' | 'LineString'; coordinates: Position[] }
  | { type: 'MultiLineString' | 'Polygon'; coordinates: Position[][] }
  | { type: 'MultiPolygon'; coordinates: Position[][][] }

export type Value = string | number | boolean | string[] | null

export interface Feature {
  type: 'Feature'
  id: string
  geometry: Geometry | null
  properties: Record<string, Value>
}

export interface Items {
  type: 'FeatureCollection'
  features: Feature[]
  numberMatched?: number
  numberReturned?: number
}

export interface Hit extends Feature {
  properties: { layer: string; id: string; title: string; field: string; text: string }
}

/** A feature that lies at a place. */
export interface Found extends Feature {
  layer: string
  title?: string
  distance_m: number
}

export interface Change {
  seq: number
  layer: string
  features: string[]
  tiles: [number, number, number][] | { all: true }
}
