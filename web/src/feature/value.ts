// A feature's values in the words that people read.
import type { Feature, Field, Layer, Value } from '../api/types'
import { num, say, t } from '../words'

/** A value as text; codes in their words. */
export function worded(field: Field, value: Value | undefined): string {
  if (value === null || value === undefined || value === '') return ''
  if (Array.isArray(value)) return value.map((v) => code(field, v)).join('、')
  switch (field.type) {
    case 'boolean': return t(value ? 'feature.yes' : 'feature.no')
    case 'integer':
    case 'number': return typeof value === 'number' ? num(value, 3) : String(value)
    case 'datetime': return moment(String(value))
    case 'list':
      // tiles carry lists as text
      try {
        return (JSON.parse(String(value)) as string[]).map((v) => code(field, v)).join('、')
      } catch {
        return String(value)
      }
    default: return code(field, String(value))
  }
}

const code = (field: Field, value: string): string => {
  const known = field.values?.find((v) => v.code === value)
  return known ? say(known) : value
}

/** A moment in the reader's own time, to the minute. */
function moment(text: string): string {
  const at = new Date(text)
  if (Number.isNaN(at.getTime())) return text
  const two = (n: number) => String(n).padStart(2, '0')
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(at.getHours())}:${two(at.getMinutes())}`
}

/** A unit as people of the language read it. */
export const unitOf = (field: Field): string => field.unit ?? ''

/** What a feature is called: its label in words, else its layer's title and id. */
export function titleOf(layer: Layer, id: string, properties: Record<string, unknown>): string {
  const field = layer.field.find((f) => f.id === layer.label)
  const text = field ? worded(field, properties[field.id] as Value) : ''
  return text || `${say(layer.title)} ${id}`
}

export const titleOfFeature = (layer: Layer, feature: Feature): string => titleOf(layer, feature.id, feature.properties)
