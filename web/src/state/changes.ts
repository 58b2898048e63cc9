// Listens to what changes on the server, and lets the map, table and figures follow.
import { reactive } from 'vue'
import type { Change } from '../api/types'
import { map } from '../map/stage'
import { layerOf, pulse, refresh } from './town'

export const link = reactive({ lost: false, last: null as { layer: string; n: number; at: number } | null })

let waiting: ReturnType<typeof setTimeout> | undefined

function take(change: Change): void {
  const layer = layerOf(change.layer)
  const m = map.value
  if (layer && m?.getSource(layer.group)) {
    if (Array.isArray(change.tiles)) m.refreshTiles(layer.group, change.tiles.map(([z, x, y]) => ({ z, x, y })))
    else m.refreshTiles(layer.group)
  }
  pulse[change.layer] = (pulse[change.layer] ?? 0) + 1
  link.last = { layer: change.layer, n: change.features.length, at: change.seq }
  // a whole import comes as many events: counts and figures are asked for once it is quiet
  clearTimeout(waiting)
  waiting = setTimeout(() => void refresh().catch(() => undefined), 400)
}

export function listen(since: number): void {
  const events = new EventSource(`/api/changes?since=${since}`)
  events.onopen = () => (link.lost = false)
  events.onerror = () => (link.lost = true)
  events.onmessage = (event) => {
    try {
      take(JSON.parse(event.data as string) as Change)
    } catch {
      // a line that is no change is passed over
    }
  }
}
