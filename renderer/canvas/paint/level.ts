/** How much a card shows: less and larger the farther away, so that it can be read. */
export type Level = 'near' | 'middle' | 'far' | 'farther'

/** Below these zooms cards show less. */
const MIDDLE = 0.72
const FAR = 0.48
const FARTHER = 0.2

export function levelOf(zoom: number): Level {
  return zoom < FARTHER ? 'farther' : zoom < FAR ? 'far' : zoom < MIDDLE ? 'middle' : 'near'
}
