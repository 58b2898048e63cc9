// The view: everything that a link tells, live, and its two-way tie to the address bar.
import { reactive, watch } from 'vue'
import { type Camera, decode, encode, rounded, START, type View } from '../address/codec'

export const view = reactive<View>(decode(location.hash))

/** Counts up when the address, not the user's hand on the map, moved the camera. */
export const arrival = reactive({ count: 0 })

/** The map moved by hand: noted in the address without a new step back. */
export function moved(camera: Camera): void {
  const next = rounded(camera)
  const now = view.camera
  if (now && now.lon === next.lon && now.lat === next.lat && now.zoom === next.zoom) return
  view.camera = next
}

/** What makes a new step for the back button: everything but moving, fading and the sort. */
const stepped = () =>
  JSON.stringify([view.job, view.panel, view.on, view.filter, view.selected, view.table, view.lang, view.theme])

let last = stepped()

function write(): void {
  const hash = encode(view)
  const address = hash ? `#${hash}` : location.pathname + location.search
  const step = stepped()
  if (`#${hash}` !== (location.hash || '#')) {
    if (step !== last) history.pushState(null, '', address)
    else history.replaceState(null, '', address)
  }
  last = step
}

function read(): void {
  Object.assign(view, decode(location.hash))
  last = stepped()
  arrival.count += 1
}

/** Starts the tie. */
export function tie(): void {
  watch(view, write, { deep: true, flush: 'post' })
  addEventListener('popstate', read)
  addEventListener('hashchange', () => {
    if (location.hash.replace(/^#/, '') !== encode(view)) read()
  })
}

/** Back to the start, language and look kept. */
export function reset(): void {
  const { lang, theme } = view
  Object.assign(view, { ...START, opacity: {}, filter: {}, lang, theme })
  arrival.count += 1
}
