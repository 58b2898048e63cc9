// Says things in the language of the view.
import type { Words } from '../api/types'
import { view } from '../state/view'
import { en } from './en'
import { type Key, zh } from './zh'

/** The page's own words, with `{names}` filled in. */
export function t(key: Key, fill: Record<string, string | number> = {}): string {
  const text: string = view.lang === 'en' ? en[key] : zh[key]
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in fill ? String(fill[name]) : whole))
}

/** The catalogue's words. */
export const say = (words: Words | undefined): string => (words ? words[view.lang] || words.zh : '')

const plain: Record<string, Intl.NumberFormat> = {}

/** A number as people read it; `digits` at most behind the point. */
export function num(value: number, digits = 2): string {
  const name = `${view.lang}${digits}`
  plain[name] ??= new Intl.NumberFormat(view.lang === 'en' ? 'en' : 'zh-CN', { maximumFractionDigits: digits })
  return plain[name].format(value)
}

/** A number with just so many digits behind the point. */
export const fixed = (value: number, digits: number): string => value.toFixed(digits)

export type { Key }
