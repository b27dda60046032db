/** What a task gets to see of this machine's environment; the rest would make runs differ from machine to machine. */
const ALLOWED = [
  'PATH',
  'HOME',
  'LANG',
  'LC_ALL',
  'LC_CTYPE',
  'TMPDIR',
  'TMP',
  'TEMP',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'ALL_PROXY',
  'http_proxy',
  'https_proxy',
  'no_proxy',
  'all_proxy',
]

/** Without these Windows cannot start most programs. */
const ALLOWED_ON_WINDOWS = [
  'SystemRoot',
  'SystemDrive',
  'windir',
  'ComSpec',
  'PATHEXT',
  'USERPROFILE',
  'USERNAME',
  'HOMEDRIVE',
  'HOMEPATH',
  'APPDATA',
  'LOCALAPPDATA',
  'ProgramData',
  'ProgramFiles',
  'ProgramFiles(x86)',
  'ProgramW6432',
  'CommonProgramFiles',
  'NUMBER_OF_PROCESSORS',
  'PROCESSOR_ARCHITECTURE',
  'PSModulePath',
]

export interface AttemptFacts {
  readonly run: string
  readonly task: string
  readonly index: number | null
  readonly attempt: number
  readonly logicalDate: string
  readonly workspace: string
  /** Absolute path of the output file. */
  readonly output: string
  /** Absolute path of the private folder. */
  readonly scratch: string
}

/** The allowed part of an environment. Names are matched without regard to case on Windows, as it does itself. */
export function allowedEnvironment(
  machine: Readonly<Record<string, string | undefined>>,
  platform: string = process.platform,
): Record<string, string> {
  const windows = platform === 'win32'
  const fold = (name: string) => (windows ? name.toUpperCase() : name)
  const allowed = new Set([...ALLOWED, ...(windows ? ALLOWED_ON_WINDOWS : [])].map(fold))
  const kept = Object.entries(machine).filter(([name, value]) => value !== undefined && allowed.has(fold(name)))
  return Object.fromEntries(kept as [string, string][])
}

/** The variables every attempt is given. DAGWRIGHT_INDEX is empty unless the task is mapped. */
export function attemptVariables(facts: AttemptFacts): Record<string, string> {
  return {
    DAGWRIGHT_RUN_ID: facts.run,
    DAGWRIGHT_TASK_ID: facts.task,
    DAGWRIGHT_INDEX: facts.index === null ? '' : String(facts.index),
    DAGWRIGHT_ATTEMPT: String(facts.attempt),
    DAGWRIGHT_LOGICAL_DATE: facts.logicalDate,
    DAGWRIGHT_WORKSPACE: facts.workspace,
    DAGWRIGHT_OUTPUT: facts.output,
    DAGWRIGHT_TMP: facts.scratch,
  }
}
