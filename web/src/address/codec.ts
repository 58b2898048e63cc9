// The view as text in the address bar, and back. Pure: decode(encode(view)) is the view.

export const JOBS = ['layers', 'gaps', 'facilities', 'pipes'] as const
export type Job = (typeof JOBS)[number]

export const THEMES = ['auto', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

/** Where the map looks: degrees with 6 decimals, zoom with 2. */
export interface Camera {
  lon: number
  lat: number
  zoom: number
}

/** All that a link tells. What stands at its default is left out of the text. */
export interface View {
  job: Job
  /** The job's panel is open. */
  panel: boolean
  /** Null: the whole seat. */
  camera: Camera | null
  /** Layers shown; null: as the job has them. */
  on: string[] | null
  /** Working layers, top first; null: the catalogue's order. */
  order: string[] | null
  /** Per cent, for layers that are not at 100. */
  opacity: Record<string, number>
  /** CQL2 text a layer. */
  filter: Record<string, string>
  selected: { layer: string; id: string } | null
  /** Layer whose table is open. */
  table: string | null
  /** Field to sort by, `-` before it for downwards. */
  sort: string
  /** Columns of the table; null: all. */
  columns: string[] | null
  lang: 'zh' | 'en'
  theme: Theme
}

export const START: Readonly<View> = Object.freeze({
  job: 'layers',
  panel: false,
  camera: null,
  on: null,
  order: null,
  opacity: {},
  filter: {},
  selected: null,
  table: null,
  sort: '',
  columns: null,
  lang: 'zh',
  theme: 'auto',
})

/** A camera as an address can hold it. */
export function rounded(camera: Camera): Camera {
  const cut = (v: number, digits: number) => Number(v.toFixed(digits))
  return { lon: cut(camera.lon, 6), lat: cut(camera.lat, 6), zoom: cut(camera.zoom, 2) }
}

const pack = (text: string): string => encodeURIComponent(text).replaceAll("'", '%27')
const list = (texts: readonly string[]): string => texts.map(pack).join(',')
/** An empty list is a lone `=`, which no packed text holds, to be told from a list of one empty text. */
const listed = (texts: readonly string[]): string => (texts.length === 0 ? '=' : list(texts))

/** The text behind `#`. */
export function encode(view: View): string {
  const parts: string[] = []
  const put = (name: string, value: string) => parts.push(`${name}=${value}`)
  if (view.camera) put('v', `${view.camera.zoom}/${view.camera.lat}/${view.camera.lon}`)
  if (view.job !== START.job) put('job', view.job)
  if (view.panel) put('panel', '1')
  if (view.on) put('on', listed(view.on))
  if (view.order) put('order', listed(view.order))
  const faded = Object.entries(view.opacity)
  if (faded.length) put('o', faded.map(([layer, percent]) => `${pack(layer)}:${percent}`).join(','))
  for (const [layer, cql] of Object.entries(view.filter)) put(`f.${pack(layer)}`, pack(cql))
  if (view.selected) put('sel', `${pack(view.selected.layer)}:${pack(view.selected.id)}`)
  if (view.table !== null) put('table', pack(view.table))
  if (view.sort) put('sort', pack(view.sort))
  if (view.columns) put('cols', listed(view.columns))
  if (view.lang !== START.lang) put('lang', view.lang)
  if (view.theme !== START.theme) put('theme', view.theme)
  return parts.join('&')
}

function unpack(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    // a link cut short in a message: better the raw text than no map
    return text
  }
}

const unlist = (text: string): string[] => (text === '=' ? [] : text.split(',').map(unpack))

function camera(text: string): Camera | null {
  const [zoom, lat, lon] = text.split('/').map(Number)
  const fits = (v: number | undefined, least: number, most: number): v is number =>
    v !== undefined && Number.isFinite(v) && v >= least && v <= most
  if (!fits(zoom, 0, 24) || !fits(lat, -85, 85) || !fits(lon, -180, 180)) return null
  return { lon, lat, zoom }
}

const oneOf = <T extends string>(known: readonly T[], text: string, otherwise: T): T =>
  (known as readonly string[]).includes(text) ? (text as T) : otherwise

/** Reads what stands behind `#`; what makes no sense is passed over. */
export function decode(hash: string): View {
  const view: View = { ...START, opacity: {}, filter: {} }
  for (const part of hash.replace(/^#/, '').split('&')) {
    const cut = part.indexOf('=')
    if (cut < 1) continue
    const [name, value] = [part.slice(0, cut), part.slice(cut + 1)]
    if (name.startsWith('f.')) {
      view.filter[unpack(name.slice(2))] = unpack(value)
      continue
    }
    switch (name) {
      case 'v': view.camera = camera(value); break
      case 'job': view.job = oneOf(JOBS, value, START.job); break
      case 'panel': view.panel = value === '1'; break
      case 'on': view.on = unlist(value); break
      case 'order': view.order = unlist(value); break
      case 'o':
        for (const pair of value.split(',')) {
          const [layer, percent] = pair.split(':')
          const number = Number(percent)
          if (layer && percent && number >= 0 && number <= 100) view.opacity[unpack(layer)] = number
        }
        break
      case 'sel': {
        const at = value.indexOf(':')
        if (at > 0) view.selected = { layer: unpack(value.slice(0, at)), id: unpack(value.slice(at + 1)) }
        break
      }
      case 'table': view.table = unpack(value); break
      case 'sort': view.sort = unpack(value); break
      case 'cols': view.columns = unlist(value); break
      case 'lang': view.lang = value === 'en' ? 'en' : 'zh'; break
      case 'theme': view.theme = oneOf(THEMES, value, START.theme); break
    }
  }
  return view
}
