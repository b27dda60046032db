import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'

function candidates(): string[] {
  const named = (process.env.PATH ?? '')
    .split(process.platform === 'win32' ? ';' : ':')
    .flatMap((folder) =>
      ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'].map((name) =>
        join(folder, name),
      ),
    )
  if (process.platform === 'darwin') {
    return [
      ...named,
      '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
      '/Applications/Chromium.app/Contents/MacOS/Chromium',
      '/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge',
    ]
  }
  if (process.platform === 'win32') {
    const roots = [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter(
      (path) => path !== undefined,
    )
    return roots.flatMap((path) => [
      join(path, 'Google/Chrome/Application/chrome.exe'),
      join(path, 'Microsoft/Edge/Application/msedge.exe'),
    ])
  }
  return named
}

/** An installed browser of the Chromium family: DAGWRIGHT_CHROMIUM, else the first one found; null where there is none. */
export function findChromium(): string | null {
  const given = process.env.DAGWRIGHT_CHROMIUM
  if (given) return existsSync(given) ? given : null
  return candidates().find((path) => existsSync(path)) ?? null
}

/** Playwright's own browser where it has been installed, else an installed one, else (Debian, as root) the packaged one. */
export async function chromiumForTests(): Promise<string | null> {
  const { chromium } = await import('@playwright/test')
  if (existsSync(chromium.executablePath())) return chromium.executablePath()
  const found = findChromium()
  if (found || process.platform !== 'linux' || process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return found
  console.log('No browser found: installing the package chromium')
  spawnSync('apt-get', ['update', '-qq'], { stdio: 'ignore' })
  spawnSync('apt-get', ['install', '-y', '-qq', 'chromium'], {
    stdio: 'ignore',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  return findChromium()
}
