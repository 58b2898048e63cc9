// The map's style as the view wants it: layers on and off, faded, in order, filtered, with what is picked on top.
// Pure: style and wishes in, style out.
import type { ExpressionSpecification, LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl'

export interface Wishes {
  shown: ReadonlySet<string>
  /** Working layers, top first; null: as the style has them. */
  order: readonly string[] | null
  /** Per cent. */
  opacity: Readonly<Record<string, number>>
  /** Ids that a layer's filter keeps. */
  kept: Readonly<Record<string, readonly string[]>>
  lang: 'zh' | 'en'
  sources: Record<string, SourceSpecification>
  /** Drawn over everything. */
  above: LayerSpecification[]
}

/** The town's layer that a style layer draws. */
export const layerIn = (l: LayerSpecification): string | undefined =>
  (l.metadata as Record<string, string> | undefined)?.['townseat:layer']

const roleIn = (l: LayerSpecification): string | undefined =>
  (l.metadata as Record<string, string> | undefined)?.['townseat:role']

const FADES: Record<string, string[]> = {
  fill: ['fill-opacity'],
  line: ['line-opacity'],
  circle: ['circle-opacity', 'circle-stroke-opacity'],
  symbol: ['text-opacity', 'icon-opacity'],
}

function faded(layer: LayerSpecification, percent: number): LayerSpecification {
  if (percent >= 100) return layer
  const paint: Record<string, unknown> = { ...(layer.paint as Record<string, unknown> | undefined) }
  for (const name of FADES[layer.type] ?? []) {
    const own = paint[name] ?? 1
    paint[name] = typeof own === 'number' ? (own * percent) / 100 : ['*', percent / 100, own]
  }
  return { ...layer, paint } as LayerSpecification
}

/** Style layers of the ordered town layers change places among each other; all others stay where they are. */
function ordered(all: LayerSpecification[], order: readonly string[]): LayerSpecification[] {
  const height = new Map(order.map((id, i) => [id, order.length - i]))
  const out = [...all]
  for (const words of [false, true]) {
    const moves = (l: LayerSpecification) => height.has(layerIn(l) ?? '') && (roleIn(l) === 'label') === words
    const places = out.flatMap((l, i) => (moves(l) ? [i] : []))
    const sorted = places.map((i) => out[i]!).sort((a, b) => height.get(layerIn(a)!)! - height.get(layerIn(b)!)!)
    places.forEach((place, i) => (out[place] = sorted[i]!))
  }
  return out
}

export function dress(style: StyleSpecification, wishes: Wishes): StyleSpecification {
  const base = wishes.order ? ordered(style.layers, wishes.order) : style.layers
  const layers = base.map((own): LayerSpecification => {
    const id = layerIn(own)
    if (!id) return own
    let layer = { ...own, layout: { ...own.layout, visibility: wishes.shown.has(id) ? 'visible' : 'none' } } as LayerSpecification
    layer = faded(layer, wishes.opacity[id] ?? 100)
    const kept = wishes.kept[id]
    if (kept && 'source' in layer) {
      const filter = (layer as { filter?: ExpressionSpecification }).filter
      // a match looks its ids up at once, however many they are
      const keep = kept.length ? ['match', ['get', 'id'], [...kept], true, false] : false
      ;(layer as { filter?: unknown }).filter = filter ? ['all', filter, keep] : ['all', keep]
    }
    const english = (own.metadata as Record<string, unknown>)['townseat:text_en']
    if (wishes.lang === 'en' && english) (layer.layout as Record<string, unknown>)['text-field'] = english
    return layer
  })
  return { ...style, sources: { ...style.sources, ...wishes.sources }, layers: [...layers, ...wishes.above] }
}
