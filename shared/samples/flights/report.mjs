// Draws the report of the flight_delays pipeline: one HTML page without any outside resource.
import { readdir, readFile, writeFile } from 'node:fs/promises'

const readJson = async (path) => JSON.parse(await readFile(path, 'utf8'))
const readCsv = async (path) => {
  const [header, ...lines] = (await readFile(path, 'utf8')).trim().split('\n')
  const names = header.split(',')
  return lines.map((line) => Object.fromEntries(line.split(',').map((value, i) => [names[i], value])))
}

const escape = (text) => String(text).replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c])
const number = (value) => Number(value).toLocaleString('en-US')
const minutes = (value) => `${value < 0 ? '−' : '+'}${Math.abs(value).toFixed(1)} min`

// From early (blue) over on time (grey) to late (vermilion); safe for colour-blind eyes.
function delayColour(delay) {
  const t = Math.max(-1, Math.min(1, (delay - 4) / 12))
  const [from, to] = t < 0 ? [[150, 156, 166], [0, 114, 178]] : [[150, 156, 166], [213, 94, 0]]
  const mix = from.map((c, i) => Math.round(c + (to[i] - c) * Math.abs(t)))
  return `rgb(${mix.join(' ')})`
}

// Albers equal-area conic for the contiguous states (Snyder, Map Projections, 1987, p. 100).
function albers(longitude, latitude) {
  const rad = Math.PI / 180
  const [p1, p2, p0, l0] = [29.5 * rad, 45.5 * rad, 37.5 * rad, -96 * rad]
  const n = (Math.sin(p1) + Math.sin(p2)) / 2
  const c = Math.cos(p1) ** 2 + 2 * n * Math.sin(p1)
  const rho = (p) => Math.sqrt(c - 2 * n * Math.sin(p)) / n
  const theta = n * (longitude * rad - l0)
  const r = rho(latitude * rad)
  return [480 + 1230 * r * Math.sin(theta), 330 - 1230 * (rho(p0) - r * Math.cos(theta))]
}

const contiguous = (longitude, latitude) => longitude > -126 && longitude < -66 && latitude > 24 && latitude < 50

// TopoJSON: arcs are delta-encoded on a grid; a state is a list of arcs, `~i` backwards.
function stateOutlines({ arcs, transform, objects }) {
  const [sx, sy] = transform.scale
  const [tx, ty] = transform.translate
  const lines = arcs.map((arc) => {
    let x = 0
    let y = 0
    return arc.map(([dx, dy]) => [(x += dx) * sx + tx, (y += dy) * sy + ty])
  })
  const used = new Set()
  for (const state of objects.states.geometries) {
    for (const polygon of state.type === 'Polygon' ? [state.arcs] : (state.arcs ?? [])) {
      for (const ring of polygon) for (const arc of ring) used.add(arc < 0 ? ~arc : arc)
    }
  }
  return [...used]
    .map((i) => lines[i])
    .filter((line) => line.every(([x, y]) => contiguous(x, y)))
    .map((line) => `M${line.map(([x, y]) => albers(x, y).map((v) => v.toFixed(1)).join(' ')).join('L')}`)
    .join('')
}

function drawMap(us, mart, focus) {
  const shown = mart.filter((a) => contiguous(a.longitude, a.latitude))
  const largest = Math.max(...shown.map((a) => a.flights))
  const circles = shown
    .map((a) => {
      const [x, y] = albers(a.longitude, a.latitude)
      const r = 2 + 15 * Math.sqrt(a.flights / largest)
      const title = `${a.airport}, ${a.city}: ${number(a.flights)} flights, ${minutes(a.delay)}`
      return `<circle cx="${x.toFixed(1)}" cy="${y.toFixed(1)}" r="${r.toFixed(1)}" fill="${delayColour(a.delay)}" class="${a.airport === focus ? 'focus' : ''}"><title>${escape(title)}</title></circle>`
    })
    .join('')
  const labels = shown
    .slice(0, 12)
    .map((a) => {
      const [x, y] = albers(a.longitude, a.latitude)
      return `<text x="${x.toFixed(1)}" y="${(y + 4).toFixed(1)}" class="code">${escape(a.airport)}</text>`
    })
    .join('')
  return `<svg viewBox="0 0 960 640" role="img" aria-label="Map of mean departure delay by airport"><path d="${stateOutlines(us)}" class="land"/>${circles}${labels}</svg>`
}

function drawDaily(days) {
  const [width, height, left, bottom] = [960, 240, 44, 26]
  const delays = days.map((d) => Number(d.delay))
  const top = Math.ceil(Math.max(...delays) / 10) * 10
  const low = Math.floor(Math.min(...delays, 0) / 10) * 10
  const x = (i) => left + (i * (width - left - 8)) / (days.length - 1)
  const y = (v) => 8 + ((top - v) * (height - bottom - 8)) / (top - low)
  const grid = []
  for (let v = low; v <= top; v += 10) {
    grid.push(`<path class="${v === 0 ? 'zero' : 'grid'}" d="M${left} ${y(v).toFixed(1)}H${width - 8}"/><text class="tick" x="${left - 8}" y="${(y(v) + 4).toFixed(1)}" text-anchor="end">${v}</text>`)
  }
  const months = days
    .map((d, i) => (d.day.endsWith('-01') ? `<text class="tick" x="${x(i).toFixed(1)}" y="${height - 6}">${new Date(`${d.day}T00:00Z`).toLocaleString('en-US', { month: 'short', timeZone: 'UTC' })}</text>` : ''))
    .join('')
  const bars = days
    .map((d, i) => {
      const v = Number(d.delay)
      return `<rect x="${(x(i) - 2).toFixed(1)}" y="${y(Math.max(v, 0)).toFixed(1)}" width="4" height="${Math.max(1, Math.abs(y(v) - y(0))).toFixed(1)}" rx="1" fill="${delayColour(v)}"><title>${d.day}: ${minutes(v)}, ${number(d.flights)} flights</title></rect>`
    })
    .join('')
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="Mean delay by day, in minutes">${grid.join('')}${bars}${months}</svg>`
}

function drawWeek({ cells }) {
  const names = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  const size = 24
  const boxes = cells
    .filter((cell) => cell.flights >= 20)
    .map((cell) => `<rect x="${40 + cell.hour * size}" y="${(cell.weekday - 1) * size}" width="${size - 2}" height="${size - 2}" rx="3" fill="${delayColour(cell.delay)}"><title>${names[cell.weekday - 1]} ${cell.hour}:00: ${minutes(cell.delay)}, ${number(cell.flights)} flights</title></rect>`)
    .join('')
  const rows = names.map((name, i) => `<text class="tick" x="32" y="${i * size + 15}" text-anchor="end">${name}</text>`).join('')
  const hours = [0, 6, 12, 18].map((h) => `<text class="tick" x="${40 + h * size}" y="${7 * size + 14}">${h}:00</text>`).join('')
  return `<svg viewBox="0 0 ${40 + 24 * size} ${7 * size + 20}" role="img" aria-label="Mean delay by weekday and hour">${boxes}${rows}${hours}</svg>`
}

function drawHubs(hubs, mart) {
  const city = new Map(mart.map((a) => [a.airport, a.city]))
  const top = Object.entries(hubs).slice(0, 10)
  const largest = top[0][1]
  return `<ol class="hubs">${top
    .map(([code, rank]) => `<li><b>${escape(code)}</b><span>${escape(city.get(code) ?? '')}</span><i style="--share:${(rank / largest).toFixed(3)}"></i><em>${(rank * 100).toFixed(1)}%</em></li>`)
    .join('')}</ol>`
}

function drawCarried(mart) {
  const rows = mart
    .filter((a) => a.carried_over !== null && a.flights > 10000)
    .sort((a, b) => b.carried_over - a.carried_over)
    .slice(0, 10)
  return `<table><thead><tr><th>Airport</th><th>Flights</th><th>Mean delay</th><th>Passed on</th></tr></thead><tbody>${rows
    .map((a) => `<tr><td><b>${escape(a.airport)}</b> ${escape(a.city)}</td><td>${number(a.flights)}</td><td>${minutes(a.delay)}</td><td>${Number(a.carried_over).toFixed(2)}</td></tr>`)
    .join('')}</tbody></table>`
}

function drawProfiles(profiles) {
  return `<div class="profiles">${profiles
    .map(({ airport, hours, best, worst }) => {
      const values = hours.map((h) => (h.flights >= 200 ? h.delay : null))
      const most = Math.max(20, ...values.filter((v) => v !== null))
      const bars = values
        .map((v, hour) => (v === null ? '' : `<rect x="${hour * 9}" y="${v < 0 ? 52 : 52 - (v / most) * 48}" width="7" height="${Math.max(1, (Math.abs(v) / most) * 48).toFixed(1)}" rx="1.5" fill="${delayColour(v)}"><title>${hour}:00: ${minutes(v)}</title></rect>`))
        .join('')
      return `<figure><figcaption><b>${escape(airport)}</b> best ${best}:00, worst ${worst}:00</figcaption><svg viewBox="0 0 216 60" role="img" aria-label="Delay by hour at ${escape(airport)}"><path class="zero" d="M0 52.5H216"/>${bars}</svg></figure>`
    })
    .join('')}</div>`
}

const style = `
:root { color-scheme: light dark; --page: #f7f8fa; --card: #fff; --ink: #1b2027; --soft: #5c6675; --line: #dfe3e9; --land: #c9d0d9; --accent: #0072b2 }
@media (prefers-color-scheme: dark) { :root { --page: #14171c; --card: #1c2026; --ink: #e8ebf0; --soft: #9aa5b4; --line: #2d333c; --land: #3a424d; --accent: #56b4e9 } }
* { box-sizing: border-box } body { margin: 0; background: var(--page); color: var(--ink); font: 14px/1.5 Inter, system-ui, sans-serif }
main { max-width: 1080px; margin: 0 auto; padding: 40px 24px 64px } h1 { font-size: 28px; line-height: 1.2; margin: 0 0 4px; letter-spacing: -.02em } h2 { font-size: 15px; margin: 0 0 2px }
p { margin: 0; color: var(--soft) } section { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 20px 24px; margin-top: 16px } section p { margin-bottom: 14px }
.facts { display: grid; grid-template-columns: repeat(4, 1fr); gap: 16px; margin-top: 24px } .facts div { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px 16px }
.facts b { display: block; font-size: 22px; letter-spacing: -.01em; font-variant-numeric: tabular-nums } .facts span { color: var(--soft) }
.two { display: grid; grid-template-columns: 1fr 1fr; gap: 16px } svg { display: block; width: 100%; height: auto } .land { fill: none; stroke: var(--land); stroke-width: .8 }
circle { fill-opacity: .85; stroke: var(--card); stroke-width: .8 } circle.focus { stroke: var(--ink); stroke-width: 2.5 } .code { font: 600 11px Inter, system-ui; fill: var(--ink); text-anchor: middle; paint-order: stroke; stroke: var(--card); stroke-width: 3px; pointer-events: none }
.grid { stroke: var(--line) } .zero { stroke: var(--soft) } .tick { font-size: 11px; fill: var(--soft) }
.hubs { list-style: none; margin: 0; padding: 0 } .hubs li { display: grid; grid-template-columns: 40px 130px 1fr 48px; gap: 8px; align-items: center; padding: 3px 0 } .hubs span { color: var(--soft); overflow: hidden; text-overflow: ellipsis; white-space: nowrap }
.hubs i { height: 10px; width: calc(var(--share) * 100%); background: var(--accent); border-radius: 3px } .hubs em, td:not(:first-child), th:not(:first-child) { font-style: normal; text-align: right; font-variant-numeric: tabular-nums }
table { width: 100%; border-collapse: collapse } th { font-weight: 500; color: var(--soft); text-align: left } td, th { padding: 4px 0; border-bottom: 1px solid var(--line) } tr:last-child td { border: 0 }
.profiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(220px, 1fr)); gap: 20px } figure { margin: 0 } figcaption { color: var(--soft); margin-bottom: 6px } figcaption b { color: var(--ink) }
.key { display: flex; gap: 16px; color: var(--soft); margin-top: 8px } .key i { display: inline-block; width: 12px; height: 12px; border-radius: 6px; margin-right: 6px; vertical-align: -1px }
footer { margin-top: 24px; color: var(--soft); font-size: 12px } @media (max-width: 760px) { .two, .facts { grid-template-columns: 1fr 1fr } .two { grid-template-columns: 1fr } }`

/** Writes the page to `path`; returns its size and how many airports stand on the map. */
export async function writeReport(path, { airport, minDistance, run }) {
  const [us, mart, days, hubs, week] = await Promise.all([
    readJson('build/us.json'),
    readJson('build/delay_mart.json'),
    readCsv('build/daily.csv'),
    readJson('build/hubs.json'),
    readJson('build/week_heat.json'),
  ])
  const files = (await readdir('build/profiles')).filter((name) => name.endsWith('.json')).sort()
  const profiles = await Promise.all(files.map((name) => readJson(`build/profiles/${name}`)))
  const flights = mart.reduce((sum, a) => sum + a.flights, 0)
  const mean = mart.reduce((sum, a) => sum + a.delay * a.flights, 0) / flights
  const worst = days.reduce((a, b) => (Number(b.delay) > Number(a.delay) ? b : a))
  const worstHour = week.cells.filter((c) => c.flights > 100).reduce((a, b) => (b.delay > a.delay ? b : a))
  const facts = [
    [number(flights), `flights of at least ${number(minDistance)} miles`],
    [minutes(mean), 'mean departure delay'],
    [minutes(Number(worst.delay)), `worst day, ${worst.day}`],
    [`${worstHour.hour}:00`, `worst hour to leave from ${airport}, ${minutes(worstHour.delay)}`],
  ]
  const html = `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>Flight delays, January to June 2001</title><style>${style}</style><main>
<h1>Flight delays</h1><p>United States, January to June 2001. Drawn by Dagwright.</p>
<div class="facts">${facts.map(([value, label]) => `<div><b>${escape(value)}</b><span>${escape(label)}</span></div>`).join('')}</div>
<section><h2>Where flights leave late</h2><p>Size: flights. Colour: mean departure delay. ${escape(airport)} is outlined.</p>${drawMap(us, mart, airport)}
<div class="key"><span><i style="background:${delayColour(-8)}"></i>early</span><span><i style="background:${delayColour(4)}"></i>about on time</span><span><i style="background:${delayColour(16)}"></i>16 minutes late or more</span></div></section>
<section><h2>Day by day</h2><p>Mean departure delay of all flights, in minutes.</p>${drawDaily(days)}</section>
<div class="two"><section><h2>The week at ${escape(airport)}</h2><p>Mean delay by weekday and hour of departure.</p>${drawWeek(week)}</section>
<section><h2>Hubs</h2><p>PageRank over the network of routes.</p>${drawHubs(hubs, mart)}</section></div>
<section><h2>The busiest airports, hour by hour</h2><p>Mean delay of flights that leave in the hour.</p>${drawProfiles(profiles)}</section>
<section><h2>Where delays travel on</h2><p>Correlation between the delay of an arriving flight and that of the flights a passenger could connect to. Airports with over 10,000 flights.</p>${drawCarried(mart)}</section>
<footer>Data: vega-datasets (BSD-3-Clause), from the Bureau of Transportation Statistics. Run ${escape(run)}.</footer></main></html>`
  await writeFile(path, html)
  return { bytes: Buffer.byteLength(html), airports: mart.length }
}
