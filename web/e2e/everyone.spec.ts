import AxeBuilder from '@axe-core/playwright'
import type { Page } from '@playwright/test'
import { colours, expect, open, picture, test } from './town'

/** Serious and critical findings of axe, as text. */
async function findings(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).analyze()
  return result.violations
    .filter((v) => v.impact === 'serious' || v.impact === 'critical')
    .map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)
}

for (const theme of ['light', 'dark'] as const) {
  test(`axe finds nothing serious in ${theme}, with panels open`, async ({ town }) => {
    for (const job of ['layers', 'gaps', 'facilities', 'pipes']) {
      await open(town, `theme=${theme}&panel=1${job === 'layers' ? '' : `&job=${job}`}&v=15/35.4605/116.7185`)
      await expect(town.locator('.side-body > *').first()).toBeVisible()
      expect(await findings(town), job).toEqual([])
    }
    await open(town, `theme=${theme}&table=facility&sel=facility:nothing`.replace('&sel=facility:nothing', ''))
    await town.locator('.table tbody tr').first().click()
    await expect(town.locator('.feature .fields')).toBeVisible()
    await town.getByRole('button', { name: '筛选设施类别' }).click()
    expect(await findings(town), 'table, filter and feature').toEqual([])
    await town.keyboard.press('Escape')
    await town.getByRole('combobox', { name: '查找名称或编号' }).fill('路')
    await expect(town.getByRole('option').first()).toBeVisible()
    expect(await findings(town), 'search').toEqual([])
    await town.keyboard.press('Escape')
    await town.getByRole('button', { name: '打印出图' }).click()
    await expect(town.getByRole('dialog')).toBeVisible()
    expect(await findings(town), 'print').toEqual([])
  })
}

test.describe('on a phone', () => {
  test.use({ viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true })

  test('the map fills the screen, jobs lie at the thumb, panels rise as sheets', async ({ town }) => {
    await open(town)
    expect(colours(await picture(town))).toBeGreaterThan(25)
    expect(await town.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390)
    for (const tab of await town.getByRole('tab').all()) {
      const box = (await tab.boundingBox())!
      expect(box.height).toBeGreaterThanOrEqual(44)
      expect(box.y).toBeGreaterThan(760)
    }
    await town.getByRole('tab', { name: '看图层' }).tap()
    const sheet = town.locator('.side')
    await expect(sheet).toBeVisible()
    expect((await sheet.boundingBox())!.width).toBe(390)
    const tick = town.locator('.layer .lname').first()
    expect((await tick.boundingBox())!.height).toBeGreaterThanOrEqual(44)
    await town.getByRole('button', { name: '收起面板' }).tap()
    await expect(sheet).toBeHidden()
    expect(await findings(town)).toEqual([])
  })

  test('a tapped facility opens its sheet and the rest makes room', async ({ town }) => {
    const found = await (await town.request.get("/api/collections/facility/items?limit=1&filter=kind = '6'")).json()
    const [lon, lat] = found.features[0].geometry.coordinates
    await open(town, `v=16/${lat}/${lon}`)
    const box = (await town.locator('#map-canvas').boundingBox())!
    await town.touchscreen.tap(box.x + box.width / 2, box.y + box.height / 2)
    const card = town.getByRole('complementary', { name: '要素信息' })
    await expect(card).toContainText(found.features[0].properties.name)
    await town.getByRole('tab', { name: '找缺口' }).tap()
    await expect(card).toHaveCount(0)
    await expect(town.locator('.sums')).toBeVisible()
    expect(await findings(town)).toEqual([])
  })
})

test('the first load weighs at most 600 KB as it comes over the wire', async ({ town }) => {
  const sizes: Promise<[string, number]>[] = []
  town.on('requestfinished', (r) => {
    const path = new URL(r.url()).pathname
    if (path.startsWith('/assets/') || path === '/' || path.endsWith('.svg')) {
      sizes.push(r.sizes().then((s) => [path, s.responseBodySize]))
    }
  })
  await open(town)
  const all = await Promise.all(sizes)
  const sum = all.reduce((a, [, n]) => a + n, 0)
  expect(all.some(([p]) => p.endsWith('.js'))).toBe(true)
  expect(sum).toBeGreaterThan(100_000)
  expect(sum, JSON.stringify(all)).toBeLessThanOrEqual(600 * 1024)
})
