// Measuring by hand or by keys: points on the map, one after the other.
import { computed } from 'vue'
import { marks, tool } from '../map/stage'
import { catalogue } from '../state/town'
import { area, length } from './measure'
import { type Plane, plane } from './gauss_kruger'

/** The town's work plane; null when the page does not know its system. */
export const workPlane = computed<Plane | null>(() => plane(catalogue.value?.town.work_crs ?? ''))

let ended = false

export function measureStart(what: 'length' | 'area'): void {
  tool.measure = what
  measureClear()
}

export function measureClear(): void {
  marks.measured = { points: [], closed: tool.measure === 'area', moving: null }
  ended = false
}

export function measureStop(): void {
  tool.measure = null
  measureClear()
}

export function measurePress(lon: number, lat: number): void {
  if (ended) measureClear()
  const last = marks.measured.points.at(-1)
  // the second press of a double press sets no second point
  if (last && last[0] === lon && last[1] === lat) return
  marks.measured.points.push([lon, lat])
}

export function measureMove(lon: number, lat: number): void {
  if (!ended && marks.measured.points.length > 0) marks.measured.moving = [lon, lat]
}

export function measureEnd(): void {
  marks.measured.moving = null
  ended = marks.measured.points.length > 1
}

export function measureUndo(): void {
  marks.measured.points.pop()
  ended = false
}

/** True when the key was meant for measuring. */
export function measureKey(key: string, lon: number, lat: number): boolean {
  switch (key) {
    case ' ': measurePress(lon, lat); return true
    case 'Enter': measureEnd(); return true
    case 'Backspace': measureUndo(); return true
    case 'Escape': measureStop(); return true
    default: return false
  }
}

/** What is measured so far, the moving end included. */
export const measured = computed(() => {
  const { points, moving } = marks.measured
  const line = moving ? [...points, moving] : points
  const p = workPlane.value
  if (!p || line.length < 2) return { length: 0, area: 0, perimeter: 0 }
  return {
    length: length(p, line),
    area: area(p, line),
    perimeter: length(p, [...line, line[0]!]),
  }
})
