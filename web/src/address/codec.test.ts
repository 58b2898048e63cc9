import { describe, expect, it } from 'vitest'
import { decode, encode, JOBS, rounded, START, THEMES, type View } from './codec'

/** A small generator of our own, so that a failure can be run again by its number. */
function random(seed: number): () => number {
  let s = seed >>> 0
  return () => {
    s = (Math.imul(s, 1664525) + 1013904223) >>> 0
    return s / 2 ** 32
  }
}

const WORDS = ['pipe', 'green_belt', '府西路', 'PS-12/3', "o'clock", 'a&b=c', '50%', '#x', ',', ':', '', ' ', '一,二:三', 'a+b', '😀', '%2C', 'f.x']

function view(seed: number): View {
  const r = random(seed)
  const of = <T>(all: readonly T[]): T => all[Math.floor(r() * all.length)]!
  const some = () => Array.from({ length: Math.floor(r() * 4) }, () => of(WORDS))
  const maybe = <T>(v: () => T): T | null => (r() < 0.5 ? v() : null)
  const named = <T>(v: () => T): Record<string, T> => Object.fromEntries(some().filter(Boolean).map((w) => [w, v()]))
  return {
    job: of(JOBS),
    panel: r() < 0.5,
    camera: maybe(() => rounded({ lon: r() * 360 - 180, lat: r() * 170 - 85, zoom: r() * 22 })),
    on: maybe(some),
    order: maybe(some),
    opacity: named(() => Math.floor(r() * 100)),
    filter: named(() => of(["state IN ('dead', 'empty_pit')", "name LIKE '%路%' AND a >= 3", ...WORDS])),
    selected: maybe(() => ({ layer: of(WORDS.filter(Boolean)), id: of(WORDS) })),
    table: maybe(() => of(WORDS)),
    sort: of(['', 'name', '-width_m', ...WORDS]),
    columns: maybe(some),
    lang: of(['zh', 'en'] as const),
    theme: of(THEMES),
  }
}

describe('the address', () => {
  it('gives back every view that it was given', () => {
    for (let seed = 1; seed <= 3000; seed++) {
      const one = view(seed)
      expect(decode(encode(one)), `seed ${seed}`).toEqual(one)
      expect(decode(`#${encode(one)}`), `seed ${seed}`).toEqual(one)
    }
  })

  it('is empty for a view at its start', () => {
    expect(encode({ ...START, opacity: {}, filter: {} })).toBe('')
    expect(decode('')).toEqual(START)
  })

  it('holds nothing that would break out of a link in a message', () => {
    for (let seed = 1; seed <= 500; seed++) expect(encode(view(seed))).toMatch(/^[\w.~!*()%,:/=&-]*$/)
  })

  it('passes over what makes no sense', () => {
    for (const bad of ['v=a/b/c', 'v=99/0/0', 'v=3/91/0', 'job=fly', 'o=pipe:101,x,:3,y:', 'sel=pipe', '=', '&&', 'f.', 'lang=xx', 'theme=pink', 'unknown=1']) {
      expect(decode(bad), bad).toEqual(START)
    }
  })

  it('reads a link that was cut in the middle of a character', () => {
    expect(decode('sel=pipe:%E5%B').selected).toEqual({ layer: 'pipe', id: '%E5%B' })
  })
})
