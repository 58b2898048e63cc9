// Asks the server, and turns what goes wrong into words that a person understands.
import type { Catalogue, Figure, Feature, Found, Hit, Items, Lang } from './types'

/** An answer that says what went wrong, in both languages. */
export class Problem extends Error {
  readonly status: number
  readonly words: Record<Lang, string>

  constructor(status: number, zh: string, en: string) {
    super(en)
    this.status = status
    this.words = { zh, en }
  }
}

/** Words for anything that was thrown. */
export function told(error: unknown, lang: Lang): string {
  if (error instanceof Problem) return error.words[lang]
  return lang === 'zh' ? '出了点问题，请稍后再试' : 'Something went wrong; please try again'
}

/** True for a request that its own asker called off. */
export const calledOff = (error: unknown): boolean => error instanceof DOMException && error.name === 'AbortError'

async function problem(response: Response): Promise<Problem> {
  const status = response.status
  try {
    const said = await response.json()
    const join = (a?: string, b?: string) => [a, b].filter(Boolean).join('：')
    const en = [said.title, said.detail].filter(Boolean).join(': ') || `error ${status}`
    const zh = join(said.zh?.title, said.zh?.detail) || join(said.title, said.detail) || `服务器返回错误 ${status}`
    return new Problem(status, zh, en)
  } catch {
    return new Problem(status, `服务器返回错误 ${status}`, `The server answered with error ${status}`)
  }
}

async function get<T>(path: string, signal?: AbortSignal): Promise<T> {
  let response: Response
  try {
    response = await fetch(path, { signal: signal ?? null, headers: { accept: 'application/geo+json, application/json' } })
  } catch (error) {
    if (calledOff(error)) throw error
    throw new Problem(0, '连不上服务器，请检查网络或服务是否在运行', 'The server does not answer; is it running?')
  }
  if (!response.ok) throw await problem(response)
  return (await response.json()) as T
}

/** What is asked of a layer. */
export interface Ask {
  filter?: string
  bbox?: readonly number[]
  sortby?: string
  properties?: readonly string[]
  limit?: number
  offset?: number
  skipGeometry?: boolean
  f?: 'json' | 'csv' | 'xlsx'
}

/** The address of a layer's features. */
export function itemsPath(layer: string, ask: Ask): string {
  const query = new URLSearchParams()
  if (ask.filter) query.set('filter', ask.filter)
  if (ask.bbox) query.set('bbox', ask.bbox.map((v) => v.toFixed(7)).join(','))
  if (ask.sortby) query.set('sortby', ask.sortby)
  if (ask.properties) query.set('properties', ask.properties.join(','))
  if (ask.limit !== undefined) query.set('limit', String(ask.limit))
  if (ask.offset) query.set('offset', String(ask.offset))
  if (ask.skipGeometry) query.set('skipGeometry', 'true')
  if (ask.f) query.set('f', ask.f)
  const text = query.toString()
  return `/api/collections/${encodeURIComponent(layer)}/items${text ? `?${text}` : ''}`
}

export const catalogue = () => get<Catalogue>('/api/catalogue')
export const figures = (signal?: AbortSignal) => get<Figure[]>('/api/figures', signal)
export const style = (theme: 'light' | 'dark') => get<unknown>(`/styles/${theme}.json`)
export const items = (layer: string, ask: Ask, signal?: AbortSignal) => get<Items>(itemsPath(layer, ask), signal)
export const item = (layer: string, id: string, signal?: AbortSignal) =>
  get<Feature>(`/api/collections/${encodeURIComponent(layer)}/items/${encodeURIComponent(id)}`, signal)
export const search = (q: string, signal?: AbortSignal) =>
  get<{ features: Hit[] }>(`/api/search?${new URLSearchParams({ q, limit: '12' })}`, signal)
export const at = (lon: number, lat: number, radius: number, signal?: AbortSignal) =>
  get<{ features: Found[] }>(
    `/api/at?${new URLSearchParams({ lon: lon.toFixed(8), lat: lat.toFixed(8), radius_m: radius.toFixed(2) })}`,
    signal,
  )

/** How many features a filter keeps. */
export async function count(layer: string, filter?: string, signal?: AbortSignal): Promise<number> {
  const answer = await items(layer, { filter, limit: 1, skipGeometry: true }, signal)
  return answer.numberMatched ?? answer.features.length
}

/** All features that a filter keeps, page by page, up to `most`. */
export async function all(layer: string, ask: Ask, most: number, signal?: AbortSignal): Promise<Items> {
  const page = Math.min(most, 10_000)
  const first = await items(layer, { ...ask, limit: page }, signal)
  const wanted = Math.min(first.numberMatched ?? first.features.length, most)
  while (first.features.length < wanted) {
    const next = await items(layer, { ...ask, limit: page, offset: first.features.length }, signal)
    if (next.features.length === 0) break
    first.features.push(...next.features)
  }
  return first
}
