// The one map of the page: where it looks, what is picked out on it. Knows the map, not the panels.
import type { Map as MapLibre } from 'maplibre-gl'
import { reactive, shallowRef } from 'vue'
import type { Feature, Geometry } from '../api/types'
import { box } from '../measure/measure'
import { catalogue } from '../state/town'
import { view } from '../state/view'

export const map = shallowRef<MapLibre | null>(null)

/** What lies over the map beside its layers. */
export const marks = reactive<{
  picked: Geometry | null
  /** Others that the panel lists, drawn fainter. */
  near: (Geometry | null)[]
  hovered: Geometry | null
  measured: { points: [number, number][]; closed: boolean; moving: [number, number] | null }
  /** Where the user stands. */
  here: { lon: number; lat: number; accuracy: number } | null
}>({ picked: null, near: [], hovered: null, measured: { points: [], closed: false, moving: null }, here: null })

/** Tiles come from where the page came from, whatever name a proxy before the server has put into the addresses. */
export const home = (url: string): { url: string } => ({ url: url.replace(/^https?:\/\/[^/]+(?=\/tiles\/)/, location.origin) })

/** Which tool has the pointer. */
export const tool = reactive<{ measure: 'length' | 'area' | null }>({ measure: null })

/** Under the pointer, else the map's middle. */
export const pointer = reactive<{ lon: number; lat: number; over: boolean; zoom: number }>({ lon: 0, lat: 0, over: false, zoom: 0 })

/** Pixels of the map that panels cover. */
export const covered = reactive({ top: 0, right: 0, bottom: 0, left: 0 })

type Box = readonly [number, number, number, number]

/** The whole seat: what the data fill, within the town's extent. */
export function seat(): Box {
  const town = catalogue.value!.town
  const filled = catalogue.value!.layers.filter((l) => l.bounds && l.count > 0).map((l) => l.bounds!)
  if (filled.length === 0) return town.extent
  const [w, s, e, n] = town.extent
  const joined = [
    Math.max(w, Math.min(...filled.map((b) => b[0]))),
    Math.max(s, Math.min(...filled.map((b) => b[1]))),
    Math.min(e, Math.max(...filled.map((b) => b[2]))),
    Math.min(n, Math.max(...filled.map((b) => b[3]))),
  ] as const
  return joined[0] < joined[2] && joined[1] < joined[3] ? joined : town.extent
}

const calm = matchMedia('(prefers-reduced-motion: reduce)')

const padding = () => ({
  top: covered.top + 40,
  right: covered.right + 40,
  bottom: covered.bottom + 40,
  left: covered.left + 40,
})

/** Shows a box; `closest` is the zoom that a small thing is not gone beyond. */
export function fit(to: Box, closest = 18): void {
  const m = map.value
  if (!m) return
  const { width, height } = m.getContainer().getBoundingClientRect()
  const p = padding()
  // on a small screen the panels may leave no room at all
  const fits = width - p.left - p.right > 80 && height - p.top - p.bottom > 80
  m.fitBounds([to[0], to[1], to[2], to[3]], {
    padding: fits ? p : 12,
    maxZoom: closest,
    duration: calm.matches ? 0 : 700,
  })
}

export function fitAll(geometries: readonly (Geometry | null)[], closest = 18): void {
  const b = box(geometries)
  if (b) fit(b, closest)
}

export const whole = (): void => fit(seat(), 20)

export function goTo(lon: number, lat: number, zoom: number): void {
  map.value?.easeTo({ center: [lon, lat], zoom, duration: calm.matches ? 0 : 600 })
}

export function zoomBy(step: number): void {
  const m = map.value
  m?.easeTo({ zoom: m.getZoom() + step, duration: calm.matches ? 0 : 250 })
}

/** Picks a feature; its panel opens by the view. */
export function pick(layer: string, id: string, and?: { fly?: Feature }): void {
  view.selected = { layer, id }
  if (and?.fly) fitAll([and.fly.geometry])
}
