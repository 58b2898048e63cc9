// The sheet of paper: its measures in millimetres, and the map drawn for it off screen in print resolution.
import * as gl from 'maplibre-gl'
import type { StyleSpecification } from 'maplibre-gl'
import { home } from '../map/stage'
import { zoomFor } from './scale'

export const PAPERS = { A4: [210, 297], A3: [297, 420] } as const
export type Paper = keyof typeof PAPERS

/** Millimetres around, above and below the map's frame. */
export const EDGE = 10
const HEAD = 14
/** A narrow sheet stacks what a wide one lays side by side. */
const FOOT = { A4: { wide: 47, narrow: 68 }, A3: { wide: 56, narrow: 76 } } as const

export interface Sheet {
  paper: Paper
  landscape: boolean
  width: number
  height: number
  frame: { width: number; height: number }
  foot: number
}

export function sheet(paper: Paper, landscape: boolean): Sheet {
  const [short, long] = PAPERS[paper]
  const [width, height] = landscape ? [long, short] : [short, long]
  const foot = FOOT[paper][landscape ? 'wide' : 'narrow']
  return { paper, landscape, width, height, foot, frame: { width: width - 2 * EDGE, height: height - 2 * EDGE - HEAD - foot } }
}

/** CSS pixels of a length on paper. */
export const pixels = (millimetres: number): number => (millimetres * 96) / 25.4

/** Dots of print for each CSS pixel: 240 to the inch, less where the device can't. */
function density(width: number, height: number): number {
  const context = document.createElement('canvas').getContext('webgl2')
  const most = (context?.getParameter(context.MAX_RENDERBUFFER_SIZE) as number | undefined) ?? 4096
  context?.getExtension('WEBGL_lose_context')?.loseContext()
  return Math.min(240 / 96, most / Math.max(width, height))
}

export interface Drawn {
  /** Address of the picture; to be revoked by who asked. */
  url: string
  /** `layer\ncode` of what is on it, for the legend; code empty where a layer has none. */
  seen: Set<string>
}

/** Draws the frame's map at 1:n about its middle. */
export async function draw(style: StyleSpecification, of: Sheet, n: number, lon: number, lat: number, coloured: Record<string, string | null>): Promise<Drawn> {
  const [width, height] = [pixels(of.frame.width), pixels(of.frame.height)]
  const box = document.createElement('div')
  box.className = 'offscreen'
  box.setAttribute('aria-hidden', 'true')
  box.style.cssText = `position:fixed;left:-20000px;top:0;width:${width}px;height:${height}px`
  document.body.append(box)
  const map = new gl.Map({
    container: box,
    style,
    center: [lon, lat],
    zoom: zoomFor(n, lat),
    maxZoom: 24,
    pixelRatio: density(width, height),
    maxCanvasSize: [16384, 16384],
    interactive: false,
    attributionControl: false,
    fadeDuration: 0,
    transformRequest: home,
    canvasContextAttributes: { preserveDrawingBuffer: true },
  })
  try {
    await new Promise<void>((resolve, reject) => {
      map.once('idle', () => resolve())
      map.getCanvas().addEventListener('webglcontextlost', () => reject(new Error('context lost')), { once: true })
    })
    const seen = new Set<string>()
    for (const f of map.queryRenderedFeatures()) {
      const layer = (f.layer.metadata as Record<string, string> | undefined)?.['townseat:layer']
      if (!layer) continue
      const by = coloured[layer]
      seen.add(`${layer}\n${by ? String(f.properties[by] ?? '') : ''}`)
    }
    const blob = await new Promise<Blob | null>((resolve) => map.getCanvas().toBlob(resolve, 'image/png'))
    if (!blob) throw new Error('no picture')
    return { url: URL.createObjectURL(blob), seen }
  } finally {
    map.remove()
    box.remove()
  }
}

const page = new CSSStyleSheet()

/** Tells the printer the paper. */
export function setPage(of: Sheet): void {
  page.replaceSync(`@page { size: ${of.width}mm ${of.height}mm; margin: 0 }`)
  if (!document.adoptedStyleSheets.includes(page)) document.adoptedStyleSheets = [...document.adoptedStyleSheets, page]
}

export function unsetPage(): void {
  document.adoptedStyleSheets = document.adoptedStyleSheets.filter((s) => s !== page)
}
