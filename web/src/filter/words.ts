// A filter in the words that people read.
import { fieldOf, layerOf } from '../state/town'
import { say, t } from '../words'
import { worded } from '../feature/value'
import { type Condition, read } from './conditions'

function one(layer: string, c: Condition): string {
  const field = fieldOf(layerOf(layer), c.field)
  if (!field) return t('filter.own')
  const title = say(field.title)
  const unit = field.unit ? ` ${field.unit}` : ''
  switch (c.op) {
    case 'in': return `${title} ${t('filter.is')} ${c.values.map((v) => worded(field, v)).join('、')}`
    case 'contains': return `${title} ${t('filter.contains', { text: c.text })}`
    case 'least': return `${title} ${t('filter.least', { v: c.value })}${unit}`
    case 'most': return `${title} ${t('filter.most', { v: c.value })}${unit}`
    case 'since': return `${title} ${t('filter.least', { v: c.day })}`
    case 'until': return `${title} ${t('filter.most', { v: c.day })}`
    case 'is': return `${title} ${t('filter.is')} ${t(c.value ? 'feature.yes' : 'feature.no')}`
    case 'empty': return `${title} ${t('filter.empty')}`
  }
}

/** `建设状态 为 现有、已建成`; a text that the page did not write stands as it is. */
export function filterWords(layer: string, cql: string): string {
  const conditions = read(cql)
  if (!conditions) return `${t('filter.own')} ${cql}`
  return conditions.map((c) => one(layer, c)).join('，')
}
