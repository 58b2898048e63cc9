import { ask, brightness, colours, difference, expect, open, picture, settle, test } from './town'

interface Items {
  features: { id: string; geometry: { type: string; coordinates: number[] & number[][] }; properties: Record<string, unknown> }[]
  numberMatched: number
}

test('the first screen draws the whole seat with its jobs, figures and sample mark', async ({ town }) => {
  await open(town)
  const box = (await town.locator('#map-canvas').boundingBox())!
  expect(box.width).toBeGreaterThan(1000)
  expect(box.height).toBeGreaterThan(600)
  expect(colours(await picture(town))).toBeGreaterThan(40)
  await expect(town.getByRole('tab')).toHaveText(['看图层', '找缺口', '看设施', '查管线'])
  const figures = await ask<{ title: { zh: string }; text: { zh: string } }[]>(town, '/api/figures')
  expect(figures.length).toBeGreaterThan(0)
  for (const f of figures) await expect(town.locator('.figure', { hasText: f.title.zh })).toContainText(f.text.zh)
  await expect(town.getByRole('note').filter({ hasText: '示例数据(非真实)' })).toBeVisible()
  await expect(town.locator('.topbar').getByText('示例', { exact: true })).toBeVisible()
})

test('a layer switched off leaves the map and comes back', async ({ town }) => {
  await open(town, 'v=16/35.4605/116.7185&panel=1')
  const before = await picture(town)
  const tick = town.locator('[data-layer="building"] input[type=checkbox]').first()
  await settle(town, () => tick.uncheck())
  const without = await picture(town)
  expect(difference(before, without)).toBeGreaterThan(0.02)
  expect(new URL(town.url()).hash).toContain('on=')
  await settle(town, () => tick.check())
  expect(difference(before, await picture(town))).toBeLessThan(0.005)
})

test('opacity and order of a layer are drawn and stand in the link', async ({ town }) => {
  await open(town, 'v=16/35.4605/116.7185&panel=1')
  const before = await picture(town)
  await town.getByRole('button', { name: '地下管线：图例与选项' }).click()
  await settle(town, () => town.getByRole('slider', { name: '地下管线的不透明度' }).fill('10'))
  expect(difference(before, await picture(town))).toBeGreaterThan(0.005)
  expect(new URL(town.url()).hash).toContain('o=pipe:10')
  const names = () => town.locator('[data-layer]').evaluateAll((all) => all.map((e) => (e as HTMLElement).dataset['layer']))
  const was = await names()
  await town.getByRole('button', { name: '地下管线 上移一层' }).click()
  await expect.poll(names).not.toEqual(was)
  const now = await names()
  expect(now.indexOf('pipe')).toBe(was.indexOf('pipe') - 1)
  expect(new URL(town.url()).hash).toContain('order=')
})

test('a pressed pipe tells its fields in words and leads on to its nodes', async ({ town }) => {
  // a pipe longer than most: its middle is met by a finger
  const pipes = await ask<Items>(town, '/api/collections/pipe/items?limit=50&filter=from_node IS NOT NULL AND diameter_mm > 0')
  const pipe = pipes.features.find((f) => f.geometry.coordinates.length === 2) ?? pipes.features[0]!
  const line = pipe.geometry.coordinates as unknown as [number, number][]
  const [a, b] = [line[0]!, line[1]!]
  const [lon, lat] = [(a[0] + b[0]) / 2, (a[1] + b[1]) / 2]
  await open(town, `v=20/${lat}/${lon}&on=pipe`)
  const box = (await town.locator('#map-canvas').boundingBox())!
  await town.mouse.click(box.x + box.width / 2, box.y + box.height / 2)
  const panel = town.getByRole('complementary', { name: '要素信息' })
  await expect(panel).toContainText('地下管线')
  await expect(panel.locator('[data-field="diameter_mm"]')).toContainText('mm')
  const id = decodeURIComponent(/sel=pipe:([^&]*)/.exec(town.url())![1]!)
  const picked = await ask<Items['features'][0]>(town, `/api/collections/pipe/items/${encodeURIComponent(id)}`)
  const catalogue = await ask<{ layers: { id: string; field: { id: string; values?: { code: string; zh: string }[] }[] }[] }>(town, '/api/catalogue')
  const kinds = catalogue.layers.find((l) => l.id === 'pipe')!.field.find((f) => f.id === 'kind')!.values!
  await expect(panel.locator('[data-field="kind"]')).toHaveText(kinds.find((k) => k.code === picked.properties['kind'])!.zh)
  await expect(panel.locator('[data-field="from_node"]')).toHaveText(String(picked.properties['from_node']))
  await expect(panel.locator('[data-field="·length"]')).toContainText('米')
  await panel.locator('.tie .row').first().click()
  await expect(town).toHaveURL(/sel=pipe_node:/)
  await expect(panel).toContainText('管点')
  await town.goBack()
  await expect(town).toHaveURL(new RegExp(`sel=pipe:${id}`))
  await expect(panel.locator('[data-field="kind"]')).toBeVisible()
})

test('hovering names what lies under the pointer', async ({ town }) => {
  const found = await ask<Items>(town, "/api/collections/facility/items?limit=1&filter=kind = '6'")
  const facility = found.features[0]!
  const [lon, lat] = facility.geometry.coordinates as unknown as [number, number]
  expect(facility.geometry.type).toBe('Point')
  await open(town, `v=17/${lat}/${lon}`)
  const box = (await town.locator('#map-canvas').boundingBox())!
  await town.mouse.move(box.x + box.width / 2 + 1, box.y + box.height / 2 + 1)
  await expect(town.locator('.tip')).toContainText(String(facility.properties['name']))
})

test('a figure filters its layer, flies there, rewrites the link, and lets go again', async ({ town }) => {
  await open(town)
  const figures = await ask<{ id: string; layer: string; filter: string; title: { zh: string } }[]>(town, '/api/figures')
  const f = figures.find((x) => x.filter)!
  const matched = (await ask<Items>(town, `/api/collections/${f.layer}/items?limit=1&filter=${encodeURIComponent(f.filter)}`)).numberMatched
  await settle(town, () => town.locator(`[data-figure="${f.id}"]`).click())
  await expect(town.getByRole('list', { name: '当前筛选' })).toContainText(String(matched))
  const hash = new URL(town.url()).hash
  expect(hash).toContain(`f.${f.layer}=`)
  expect(hash).toContain('v=')
  await town.locator(`[data-figure="${f.id}"]`).click()
  await expect(town.getByRole('list', { name: '当前筛选' })).toHaveCount(0)
  expect(new URL(town.url()).hash).not.toContain('f.')
})

test('the pointer is told in degrees and in the work CRS', async ({ town }) => {
  await open(town, 'v=16/35.45/116.75')
  await expect(town.locator('[data-readout="degrees"]')).toContainText('116.750000')
  // the check point of the domain facts: E 477303.581 N 3924546.737
  await expect(town.locator('[data-readout="plane"]')).toContainText('E 477303.58')
  await expect(town.locator('[data-readout="plane"]')).toContainText('N 3924546.74')
})

test('a measured length and area agree with the scale of the map', async ({ town }) => {
  const [zoom, lat] = [17, 35.46]
  await open(town, `v=${zoom}/${lat}/116.72`)
  const box = (await town.locator('#map-canvas').boundingBox())!
  const at = (dx: number, dy: number) => town.mouse.click(box.x + box.width / 2 + dx, box.y + box.height / 2 + dy)
  const metre = (2 * Math.PI * 6378137 * Math.cos((lat * Math.PI) / 180)) / 512 / 2 ** zoom
  await town.getByRole('button', { name: '量长度' }).click()
  await at(-200, 0)
  await at(100, 0)
  await town.keyboard.press('Tab')
  await town.getByRole('button', { name: '结束' }).click()
  const length = Number((await town.locator('[data-measured="length"]').textContent())!.replace(/[^\d.]/g, ''))
  expect(Math.abs(length - 300 * metre) / (300 * metre)).toBeLessThan(0.01)
  await town.getByRole('button', { name: '量面积' }).click()
  for (const [x, y] of [[-100, -100], [100, -100], [100, 100], [-100, 100]] as const) await at(x, y)
  await town.getByRole('button', { name: '结束' }).click()
  const area = Number((await town.locator('[data-measured="area"]').textContent())!.replace(/[^\d.]/g, ''))
  const want = (200 * metre) ** 2
  const shown = want > 10_000 ? area * 10_000 : area
  expect(Math.abs(shown - want) / want).toBeLessThan(0.02)
})

test('a change on the server makes the page fetch the named tiles again', async ({ town }) => {
  await town.addInitScript(() => {
    // the feed, held by the test: one event is sent when it says so
    class Held extends EventTarget {
      onmessage: ((e: MessageEvent) => void) | null = null
      onopen: (() => void) | null = null
      constructor() {
        super()
        ;(window as unknown as { say: (d: string) => void }).say = (data) => this.onmessage?.(new MessageEvent('message', { data }))
      }
      close() {}
    }
    ;(window as unknown as { EventSource: unknown }).EventSource = Held
  })
  const tiles: string[] = []
  town.on('request', (r) => {
    if (/\/tiles\/.*\/\d+\/\d+\/\d+$/.test(r.url())) tiles.push(r.url())
  })
  await open(town, 'v=16/35.4605/116.7185')
  const one = tiles.find((u) => u.includes('pipe'))!
  const [z, x, y] = one.split('/').slice(-3).map(Number)
  const before = tiles.filter((u) => u === one).length
  const figures = town.waitForRequest((r) => r.url().endsWith('/api/figures'))
  await town.evaluate((event) => (window as unknown as { say: (d: string) => void }).say(event), JSON.stringify({ seq: 1, layer: 'pipe', features: ['x'], tiles: [[z, x, y]] }))
  await expect.poll(() => tiles.filter((u) => u === one).length).toBeGreaterThan(before)
  await figures
})

test('dark and light follow the system and can be chosen', async ({ town }) => {
  await open(town, 'v=15/35.4605/116.7185')
  const light = brightness(await picture(town))
  await settle(town, () => town.emulateMedia({ colorScheme: 'dark' }))
  await expect(town.locator('html')).toHaveAttribute('data-look', 'dark')
  expect(brightness(await picture(town))).toBeLessThan(light - 80)
  await settle(town, () => town.getByRole('button', { name: /^外观/ }).click())
  await expect(town.locator('html')).toHaveAttribute('data-look', 'light')
  expect(new URL(town.url()).hash).toContain('theme=light')
  expect(Math.abs(brightness(await picture(town)) - light)).toBeLessThan(8)
})
