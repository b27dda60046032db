import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MenuItemConstructorOptions } from 'electron'
import { expect, it } from 'vitest'
import type { ShellCommand } from '#shared/contract/data.ts'
import { SAMPLES } from '#shared/contract/samples.ts'
import { menuTemplate } from './menu.ts'

/** The commands of the renderer's registry, read from its sources: it needs a browser to be loaded. */
function registeredIds(): Set<string> {
  const folder = join(import.meta.dirname, '../../renderer/app')
  const sources = readdirSync(folder).filter((name) => name.endsWith('ommands.ts'))
  return new Set(
    sources.flatMap((name) =>
      [...readFileSync(join(folder, name), 'utf8').matchAll(/\bid: '([a-z]+\.\w+)'/g)].map((match) => match[1]),
    ),
  )
}

function items(template: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] {
  return template.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? items(item.submenu) : [])])
}

it.each(['linux', 'darwin', 'win32'] as const)('has only entries that the app knows, on %s', (platform) => {
  const sent: ShellCommand[] = []
  const template = menuTemplate({ platform, recent: [], send: (command) => sent.push(command) })
  const registered = registeredIds()
  for (const { name } of SAMPLES) registered.add(`file.sample.${name}`)
  expect(registered.size).toBeGreaterThan(30)
  for (const item of items(template)) item.click?.({} as never, undefined, {} as never)
  const ids = sent.map((command) => (command.type === 'command' ? command.id : command.type))
  expect(ids.length).toBeGreaterThan(20)
  expect(ids.filter((id) => !registered.has(id))).toEqual([])
})
