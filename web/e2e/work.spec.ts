import { ask, expect, open, rests, rest, settle, test } from './town'

interface Items {
  features: { id: string; properties: Record<string, unknown> }[]
  numberMatched: number
}

test('the search finds Chinese substrings and is worked by keys alone', async ({ town }) => {
  await open(town)
  const found = await ask<{ features: { properties: { layer: string; id: string; title: string } }[] }>(town, `/api/search?q=${encodeURIComponent('府西')}&limit=12`)
  expect(found.features.length).toBeGreaterThan(1)
  const box = town.getByRole('combobox', { name: '查找名称或编号' })
  await box.focus()
  await town.keyboard.type('府西')
  const options = town.getByRole('option')
  await expect(options).toHaveCount(found.features.length)
  await expect(options.first()).toContainText('府西')
  await town.keyboard.press('ArrowDown')
  await expect(options.nth(1)).toHaveAttribute('aria-selected', 'true')
  await town.keyboard.press('Enter')
  const second = found.features[1]!.properties
  await expect(town).toHaveURL(new RegExp(`sel=${second.layer}:${encodeURIComponent(second.id)}`))
  await expect(town.getByRole('complementary', { name: '要素信息' })).toContainText(second.title)
})

test('a search without result says so', async ({ town }) => {
  await open(town)
  await town.getByRole('combobox').fill('没有这个名字的东西')
  await expect(town.locator('.list')).toContainText('没有找到“没有这个名字的东西”')
})

test('the table sorts, filters by a column, pages and counts as the server does', async ({ town }) => {
  await open(town, 'table=pipe')
  const table = town.getByRole('region', { name: '属性表' })
  const rows = table.locator('tbody tr')
  await table.getByRole('button', { name: '按管径排序' }).click()
  await table.getByRole('button', { name: '按管径排序' }).click()
  await expect(table.locator('th[aria-sort="descending"]')).toContainText('管径')
  const sorted = await ask<Items>(town, '/api/collections/pipe/items?sortby=-diameter_mm&limit=50')
  await expect(rows.first().locator('th')).toHaveText(sorted.features[0]!.id)
  expect(await rows.locator('th').allTextContents()).toEqual(sorted.features.map((f) => f.id))
  await table.getByRole('button', { name: '筛选管线种类' }).click()
  const form = table.getByRole('form', { name: '筛选管线种类' })
  await form.getByLabel('燃气').check()
  await form.getByRole('button', { name: '应用' }).click()
  const gas = await ask<Items>(town, "/api/collections/pipe/items?limit=1&filter=kind IN ('RQ')")
  await expect(table.locator('.rows')).toHaveText(`共 ${gas.numberMatched.toLocaleString('zh-CN')} 条`)
  await expect(town.getByRole('list', { name: '当前筛选' })).toContainText('管线种类 为 燃气')
  await table.getByRole('button', { name: '下一页' }).click()
  const next = await ask<Items>(town, "/api/collections/pipe/items?sortby=-diameter_mm&limit=50&offset=50&filter=kind IN ('RQ')")
  await expect(rows.first().locator('th')).toHaveText(next.features[0]!.id)
  await table.getByRole('button', { name: '列', exact: true }).click()
  await table.getByRole('checkbox', { name: '材质', exact: true }).uncheck()
  await expect(table.getByRole('columnheader', { name: /材质/ })).toHaveCount(0)
  expect(new URL(town.url()).hash).toContain('cols=')
})

test('a row picks its feature on the map, and a feature picked elsewhere finds its row', async ({ town }) => {
  await open(town, 'table=facility')
  const table = town.getByRole('region', { name: '属性表' })
  const row = table.locator('tbody tr').nth(2)
  const id = (await row.locator('th').textContent())!.trim()
  const before = await rests(town)
  await row.click()
  await rest(town, before)
  await expect(row).toHaveAttribute('aria-selected', 'true')
  await expect(town).toHaveURL(new RegExp(`sel=facility:${encodeURIComponent(id)}`))
  const pipes = await ask<Items>(town, '/api/collections/pipe/items?limit=1&offset=777')
  const far = pipes.features[0]!.id
  await open(town, `table=pipe&sel=pipe:${encodeURIComponent(far)}`)
  await expect(table.locator('tr[aria-selected="true"] th')).toHaveText(far)
})

test('exports carry the filter and come as CSV and xlsx', async ({ town }) => {
  await open(town, `table=facility&f.facility=${encodeURIComponent("kind IN ('7')")}`)
  const table = town.getByRole('region', { name: '属性表' })
  await table.getByRole('button', { name: '导出' }).click()
  const csv = await town.request.get((await table.getByRole('link', { name: 'CSV 表格' }).getAttribute('href'))!)
  const text = await csv.text()
  const n = (await ask<Items>(town, "/api/collections/facility/items?limit=1&filter=kind = '7'")).numberMatched
  expect(text.charCodeAt(0)).toBe(0xfeff)
  expect(text.trim().split('\n')).toHaveLength(n + 1)
  const xlsx = await town.request.get((await table.getByRole('link', { name: 'Excel 工作簿' }).getAttribute('href'))!)
  expect((await xlsx.body()).subarray(0, 2).toString()).toBe('PK')
})

test('a link shows the same to whoever opens it, and back and forward work', async ({ town, context }) => {
  await open(town, 'v=15.5/35.4605/116.7185&panel=1')
  await town.locator('[data-layer="pipe"] input[type=checkbox]').first().uncheck()
  await town.getByRole('tab', { name: '看设施' }).click()
  await town.locator('.kind .main:not([disabled])').first().click()
  await expect(town.getByRole('list', { name: '当前筛选' })).toBeVisible()
  await expect(town.locator('.chip .n')).toBeVisible()
  await expect.poll(async () => (await rests(town)) > 1).toBe(true)
  const url = town.url()
  const other = await context.newPage()
  await other.goto(url)
  await expect(other.getByRole('tab', { name: '看设施' })).toHaveAttribute('aria-selected', 'true')
  await expect(other.locator('.chip')).toHaveText(await town.locator('.chip').allTextContents())
  await other.close()
  await town.goBack()
  await expect(town.getByRole('list', { name: '当前筛选' })).toHaveCount(0)
  await town.goBack()
  await expect(town.getByRole('tab', { name: '看图层' })).toHaveAttribute('aria-selected', 'true')
  await expect(town.locator('[data-layer="pipe"] input[type=checkbox]').first()).not.toBeChecked()
  await town.goForward()
  await expect(town.getByRole('tab', { name: '看设施' })).toHaveAttribute('aria-selected', 'true')
})

test('the jobs list what the data hold', async ({ town }) => {
  await open(town, 'job=facilities&panel=1')
  const all = await ask<Items>(town, '/api/collections/facility/items?limit=10000')
  const standing = new Set(all.features.filter((f) => ['existing', 'built'].includes(String(f.properties['state']))).map((f) => f.properties['kind']))
  await expect(town.locator('.score b')).toHaveText(`${standing.size}/10`)
  await expect(town.locator('.kind')).toHaveCount(10)
  await expect(town.locator('.kind.missing')).toHaveCount(10 - standing.size)

  await town.getByRole('tab', { name: '找缺口' }).click()
  const gone = await ask<Items>(town, "/api/collections/plant/items?limit=1&filter=state IN ('dead','empty_pit')")
  await expect(town.locator('.sums .missing')).toHaveText(gone.numberMatched.toLocaleString('zh-CN'))
  const each = await town.locator('.street .n').allTextContents()
  expect(each.map(Number).reduce((a, b) => a + b, 0)).toBe(gone.numberMatched)

  await town.getByRole('tab', { name: '查管线' }).click()
  const water = await ask<Items>(town, "/api/collections/pipe/items?limit=1&filter=kind = 'JS'")
  const label = town.locator('.facet label', { hasText: '给水' })
  await expect(label).toContainText(water.numberMatched.toLocaleString('zh-CN'))
  await settle(town, () => label.locator('input').check())
  await expect(town.locator('.total')).toContainText(water.numberMatched.toLocaleString('zh-CN'))
})

test('English is at hand and stays in the link', async ({ town }) => {
  await open(town, 'panel=1')
  await town.getByRole('button', { name: 'English' }).click()
  await expect(town.getByRole('tab')).toHaveText(['Layers', 'Gaps', 'Facilities', 'Pipes'])
  await expect(town.locator('html')).toHaveAttribute('lang', 'en')
  await expect(town.locator('[data-layer="pipe"]')).toContainText('Underground pipes')
  expect(new URL(town.url()).hash).toContain('lang=en')
  await expect(town.locator('.topbar').getByText('Sample', { exact: true })).toBeVisible()
})

test('a link with a filter that makes no sense says what is wrong and leaves the map working', async ({ town, complaints }) => {
  await open(town, `f.pipe=${encodeURIComponent('kind = = 3')}`)
  await expect(town.locator('.chip.bad')).toContainText('filter')
  await expect(town.getByRole('tab')).toHaveCount(4)
  // the refused question itself is noted by the browser: that, and nothing else
  expect(complaints.filter((c) => !c.includes('400'))).toEqual([])
  complaints.length = 0
})

test('keys alone reach map, jobs and table', async ({ town }) => {
  await open(town)
  await town.keyboard.press('Tab')
  await expect(town.locator('.skip').first()).toBeFocused()
  await town.keyboard.press('Enter')
  await expect(town.locator('#map-canvas')).toBeFocused()
  const url = town.url()
  await settle(town, () => town.keyboard.press('ArrowRight'))
  expect(town.url()).not.toBe(url)
  await town.getByRole('tab', { name: '看图层' }).focus()
  await town.keyboard.press('ArrowDown')
  await expect(town.getByRole('tab', { name: '找缺口' })).toBeFocused()
  await expect(town.getByRole('tab', { name: '找缺口' })).toHaveAttribute('aria-selected', 'true')
})

test('a printed sheet has the paper, the title block, the scale and the sample mark', async ({ town }) => {
  await open(town, 'v=15/35.4605/116.7185')
  await town.getByRole('button', { name: '打印出图' }).click()
  const dialog = town.getByRole('dialog', { name: '打印出图' })
  await dialog.getByLabel('标题').fill('驻地管线核对图')
  await dialog.getByLabel('比例尺').selectOption('10000')
  const go = dialog.getByRole('button', { name: '打印或存为 PDF' })
  await expect(go).toBeEnabled({ timeout: 120_000 })
  const sizes = async (): Promise<number[]> => {
    const pdf = await town.pdf({ preferCSSPageSize: true, printBackground: true })
    const boxes = [...pdf.toString('latin1').matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)\s*\]/g)]
    expect(boxes, 'one page').toHaveLength(1)
    return boxes[0]!.slice(1, 3).map((v) => Math.round((Number(v) / 72) * 25.4))
  }
  expect(await sizes()).toEqual([297, 210])
  const sheet = town.locator('.printroot .sheet')
  for (const words of ['驻地管线核对图', '编制单位', '日期', '坐标系', '密级', '比例尺 1:10,000', '图例', '示例数据(非真实)', 'EPSG:4548']) {
    await expect(sheet).toContainText(words)
  }
  // the bar on paper is as long as it says: at 1:10 000 a millimetre is ten metres
  const [bar, ends] = await sheet.evaluate((e) => [(e.querySelector('.bar') as HTMLElement).style.width, e.querySelector('.ends span:last-child')!.textContent])
  expect(Number.parseFloat(bar!) * 10).toBeCloseTo(Number(/(\d+) m/.exec(ends!)![1]), 6)
  const natural = await sheet.locator('img').evaluate((i) => [(i as HTMLImageElement).naturalWidth, (i as HTMLImageElement).naturalHeight])
  expect(natural[0]).toBeGreaterThan(2000)
  await dialog.getByLabel('方向').selectOption({ label: '纵向' })
  await expect(go).toBeEnabled({ timeout: 120_000 })
  expect(await sizes()).toEqual([210, 297])
})
