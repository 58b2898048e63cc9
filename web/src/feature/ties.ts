// What a feature is tied to: what its fields refer to, and what refers to it.
import * as api from '../api/client'
import type { Feature, Layer } from '../api/types'
import { layerOf, layers } from '../state/town'
import { say } from '../words'
import { write } from '../filter/conditions'

export interface Tie {
  key: string
  layer: Layer
  words: string
  features: Feature[]
  matched: number
  /** Filter that finds them all; absent where an id does. */
  cql?: string
}

/** Most neighbours listed of one kind. */
const MOST = 8

const target = (refers: string): [Layer | undefined, string] => {
  const [layer, field] = refers.split('.')
  return [layerOf(layer ?? ''), field ?? 'id']
}

export async function ties(layer: Layer, feature: Feature, signal: AbortSignal): Promise<Tie[]> {
  const asked: Promise<Tie | null>[] = []
  const find = async (to: Layer, field: string, value: string, words: string): Promise<Tie | null> => {
    const key = `${to.id}.${field}=${words}`
    if (field === 'id') {
      const found = await api.item(to.id, value, signal).catch((e: unknown) => {
        if (api.calledOff(e)) throw e
        return null
      })
      return found && { key, layer: to, words, features: [found], matched: 1 }
    }
    const cql = write([{ field, op: 'in', values: [value] }])
    const found = await api.items(to.id, { filter: cql, limit: MOST }, signal)
    return { key, layer: to, words, features: found.features, matched: found.numberMatched ?? found.features.length, cql }
  }
  for (const field of layer.field) {
    const value = feature.properties[field.id]
    if (!field.refers || typeof value !== 'string' || !value) continue
    const [to, key] = target(field.refers)
    if (to) asked.push(find(to, key, value, say(field.title)))
  }
  for (const other of layers.value) {
    for (const field of other.field) {
      if (!field.refers) continue
      const [to, key] = target(field.refers)
      const value = key === 'id' ? feature.id : feature.properties[key]
      if (to?.id !== layer.id || typeof value !== 'string' || !value) continue
      asked.push(find(other, field.id, value, `${say(other.title)} · ${say(field.title)}`))
    }
  }
  const settled = await Promise.allSettled(asked)
  signal.throwIfAborted()
  return settled.flatMap((s) => (s.status === 'fulfilled' && s.value && s.value.features.length > 0 ? [s.value] : []))
}
