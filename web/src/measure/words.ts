// Measures in words: metres up to a kilometre, square metres up to a hectare, then the larger unit.
import { num, t } from '../words'

export const lengthWords = (m: number): string => (m < 1000 ? `${num(m, 2)} ${t('unit.m')}` : `${num(m / 1000, 3)} ${t('unit.km')}`)

export function areaWords(m2: number): string {
  if (m2 < 10_000) return `${num(m2, 2)} ${t('unit.m2')}`
  return m2 < 1e6 ? `${num(m2 / 10_000, 3)} ${t('unit.ha')}` : `${num(m2 / 1e6, 3)} ${t('unit.km2')}`
}

/** 15 mu to the hectare. */
export const muWords = (m2: number): string => `${num((m2 * 15) / 10_000, 2)} ${t('measure.mu')}`
