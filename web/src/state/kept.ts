// Which features each filter keeps: asked of the server, as a tile does not carry every field.
import { reactive, watch } from 'vue'
import * as api from '../api/client'
import { layerOf, pulse } from './town'
import { view } from './view'

/** Most features that the map is told to keep; the table has no such end. */
export const MOST = 30_000

export const kept = reactive<Record<string, { ids: string[]; matched: number; cql: string }>>({})
/** What the server said against a filter. */
export const refused = reactive<Record<string, unknown>>({})

const running: Record<string, AbortController> = {}

async function ask(layer: string, cql: string): Promise<void> {
  running[layer]?.abort()
  const mine = (running[layer] = new AbortController())
  try {
    const label = layerOf(layer)?.label
    const found = await api.all(layer, { filter: cql, skipGeometry: true, properties: label ? [label] : undefined }, MOST, mine.signal)
    delete refused[layer]
    kept[layer] = { ids: found.features.map((f) => f.id), matched: found.numberMatched ?? found.features.length, cql }
  } catch (error) {
    if (api.calledOff(error)) return
    delete kept[layer]
    refused[layer] = error
  }
}

/** Starts watching the view's filters. */
export function watchFilters(): void {
  watch(
    () => Object.entries(view.filter).map(([layer, cql]) => [layer, cql, pulse[layer] ?? 0] as const),
    (now, before) => {
      const same = (a: readonly unknown[]) => before?.some((b) => b[0] === a[0] && b[1] === a[1] && b[2] === a[2])
      for (const entry of now) if (!same(entry)) void ask(entry[0], entry[1])
      for (const layer of Object.keys(kept)) {
        if (layer in view.filter) continue
        running[layer]?.abort()
        delete kept[layer]
      }
      for (const layer of Object.keys(refused)) if (!(layer in view.filter)) delete refused[layer]
    },
    { immediate: true },
  )
}

/** Sets or drops a layer's filter. */
export function setFilter(layer: string, cql: string | null): void {
  const next = { ...view.filter }
  if (cql) next[layer] = cql
  else delete next[layer]
  view.filter = next
}
