// The town as the server tells it: catalogue, styles, figures; and which layers show.
import type { StyleSpecification } from 'maplibre-gl'
import { computed, reactive, ref, shallowReactive, shallowRef } from 'vue'
import type { Job } from '../address/codec'
import * as api from '../api/client'
import type { Catalogue, Field, Figure, Layer } from '../api/types'
import { view } from './view'

export const catalogue = shallowRef<Catalogue | null>(null)
export const styles = shallowReactive<{ light: StyleSpecification | null; dark: StyleSpecification | null }>({ light: null, dark: null })
export const figures = shallowRef<Figure[]>([])
/** Counts up when a layer's features changed on the server. */
export const pulse = reactive<Record<string, number>>({})

const systemDark = matchMedia('(prefers-color-scheme: dark)')
const isSystemDark = ref(systemDark.matches)
systemDark.addEventListener('change', (event) => (isSystemDark.value = event.matches))

/** The look that is on. */
export const look = computed<'light' | 'dark'>(() =>
  view.theme === 'auto' ? (isSystemDark.value ? 'dark' : 'light') : view.theme,
)

/** The style in the look that is on; the other one while it is on its way. */
export const style = computed(() => styles[look.value] ?? styles.light ?? styles.dark)

export interface LegendItem {
  code: string
  zh: string
  en: string
  color: string
  rim: string
  dash: number[] | null
  hollow: boolean
  sign: string | null
}

export interface Legend {
  shape: 'line' | 'fill' | 'point' | 'badge'
  by: string | null
  color: string
  rim: string
  missing: string
  fill: number
  dash: boolean
  items: LegendItem[]
}

/** A layer's legend, in the colours of the map. */
export function legendOf(layer: string): Legend | null {
  const all = (style.value?.metadata as { 'townseat:legend'?: Record<string, Legend> } | undefined)?.['townseat:legend']
  return all?.[layer] ?? null
}

export async function loadStyle(which: 'light' | 'dark'): Promise<void> {
  styles[which] ??= (await api.style(which)) as StyleSpecification
}

export async function open(): Promise<void> {
  const [told] = await Promise.all([api.catalogue(), loadStyle(look.value)])
  catalogue.value = told
  figures.value = await api.figures().catch(() => [])
}

/** Asks for counts and figures again after a change. */
export async function refresh(): Promise<void> {
  const [told, numbers] = await Promise.all([api.catalogue(), api.figures().catch(() => figures.value)])
  catalogue.value = told
  figures.value = numbers
}

export const layers = computed<Layer[]>(() => catalogue.value?.layers ?? [])
export const layerOf = (id: string): Layer | undefined => layers.value.find((l) => l.id === id)
export const fieldOf = (layer: Layer | undefined, id: string): Field | undefined => layer?.field.find((f) => f.id === id)

/** The layer that a job is about; its whole group comes on with it. */
const SUBJECT: Record<Job, string | null> = { layers: null, gaps: 'plant', facilities: 'facility', pipes: 'pipe' }

/** Layers shown when the view does not say. */
function usual(job: Job): string[] {
  const subject = SUBJECT[job]
  const group = subject ? layerOf(subject)?.group : undefined
  return layers.value
    .filter((l) => l.geometry.length > 0)
    .filter((l) => (group && !l.draw.base ? l.group === group : l.draw.shown))
    .map((l) => l.id)
}

/** Layers that show. */
export const shown = computed<Set<string>>(() => new Set(view.on ?? usual(view.job)))

export function show(layer: string, on: boolean): void {
  const next = new Set(shown.value)
  if (on) next.add(layer)
  else next.delete(layer)
  view.on = layers.value.map((l) => l.id).filter((id) => next.has(id))
}

/** Layers of each job as its user left them, for coming back to it. */
const left: Partial<Record<Job, string[] | null>> = {}

export function takeUp(job: Job): void {
  if (job === view.job) return
  left[view.job] = view.on
  view.job = job
  view.on = left[job] ?? null
}

/** Working layers in drawing order, top first. */
export const stack = computed<Layer[]>(() => {
  const working = layers.value.filter((l) => !l.draw.base && l.geometry.length > 0)
  const own = [...working].sort((a, b) => b.draw.order - a.draw.order)
  const order = view.order
  if (!order) return own
  const place = (l: Layer) => {
    const at = order.indexOf(l.id)
    return at < 0 ? order.length : at
  }
  return own.sort((a, b) => place(a) - place(b))
})

/** Swaps a working layer with its neighbour in its group, above (-1) or below (1). */
export function shift(layer: string, by: -1 | 1): void {
  const ids = stack.value.map((l) => l.id)
  const group = layerOf(layer)?.group
  const at = ids.indexOf(layer)
  let other = at + by
  while (other >= 0 && other < ids.length && layerOf(ids[other]!)?.group !== group) other += by
  if (at < 0 || other < 0 || other >= ids.length) return
  ;[ids[at], ids[other]] = [ids[other]!, ids[at]!]
  view.order = ids
}
