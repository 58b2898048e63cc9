// What every test of the page shares: a page that is watched, and looks at what the map has drawn.
import { test as base, expect, type Page } from '@playwright/test'

export { expect }

/** A page whose every request must stay on its own origin and whose scripts must not complain. */
export const test = base.extend<{ town: Page; complaints: string[] }>({
  complaints: async ({}, use) => {
    await use([])
  },
  town: async ({ page, baseURL, complaints }, use) => {
    const own = new URL(baseURL!).origin
    const foreign: string[] = []
    page.on('request', (r) => {
      const url = r.url()
      if (!url.startsWith(`${own}/`) && !url.startsWith(`blob:${own}/`) && !url.startsWith('data:')) foreign.push(url)
    })
    page.on('pageerror', (e) => complaints.push(String(e)))
    page.on('console', (m) => {
      if (m.type() === 'error') complaints.push(m.text())
    })
    await use(page)
    expect(foreign, 'requests that left the origin').toEqual([])
    expect(complaints, 'errors in the console').toEqual([])
  },
})

/** Opens the page at a link and waits until the map has come to rest. */
export async function open(page: Page, hash = ''): Promise<void> {
  await page.goto('about:blank')
  await page.goto(`/${hash ? `#${hash}` : ''}`)
  await rest(page, 0)
}

const map = '.canvas .box'

/** How often the map has come to rest. */
export const rests = (page: Page): Promise<number> =>
  page.locator(map).evaluate((e) => Number((e as HTMLElement).dataset['rests'] ?? 0))

/** Waits for a rest beyond the `since`th. */
export async function rest(page: Page, since: number): Promise<void> {
  await expect.poll(() => rests(page), { timeout: 90_000 }).toBeGreaterThan(since)
}

/** Does something and waits until the map has drawn what came of it. */
export async function settle(page: Page, act: () => Promise<unknown>): Promise<void> {
  const before = await rests(page)
  await act()
  await rest(page, before)
}

export interface Picture {
  width: number
  height: number
  /** Pixels, four bytes each. */
  data: number[]
}

/** What is seen where the map is, at a quarter of its size. */
export async function picture(page: Page): Promise<Picture> {
  const png = await page.locator('#map-canvas').screenshot({ animations: 'disabled' })
  return page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = document.createElement('canvas')
    canvas.width = Math.round(image.width / 4)
    canvas.height = Math.round(image.height / 4)
    const context = canvas.getContext('2d')!
    context.imageSmoothingEnabled = false
    context.drawImage(image, 0, 0, canvas.width, canvas.height)
    return { width: canvas.width, height: canvas.height, data: [...context.getImageData(0, 0, canvas.width, canvas.height).data] }
  }, png.toString('base64'))
}

/** How many colours there are, each rounded to 16 steps a channel. */
export function colours(p: Picture): number {
  const seen = new Set<number>()
  for (let i = 0; i < p.data.length; i += 4) seen.add(((p.data[i]! >> 4) << 8) | ((p.data[i + 1]! >> 4) << 4) | (p.data[i + 2]! >> 4))
  return seen.size
}

/** Share of pixels that differ clearly. */
export function difference(a: Picture, b: Picture): number {
  let n = 0
  for (let i = 0; i < a.data.length; i += 4) {
    const d = Math.abs(a.data[i]! - b.data[i]!) + Math.abs(a.data[i + 1]! - b.data[i + 1]!) + Math.abs(a.data[i + 2]! - b.data[i + 2]!)
    if (d > 60) n += 1
  }
  return n / (a.data.length / 4)
}

/** Mean brightness, 0 to 255. */
export function brightness(p: Picture): number {
  let sum = 0
  for (let i = 0; i < p.data.length; i += 4) sum += (p.data[i]! + p.data[i + 1]! + p.data[i + 2]!) / 3
  return sum / (p.data.length / 4)
}

/** Asks the server itself, as the oracle of what the page says. */
export async function ask<T>(page: Page, path: string): Promise<T> {
  const response = await page.request.get(path)
  expect(response.ok(), `${path} answers ${response.status()}`).toBe(true)
  return (await response.json()) as T
}
