import type { CrashWorkspace } from './workspace.ts'

/** Instances that try more than once by themselves: `flaky` fails the first time, whoever kills it. */
export const RETRIED: ReadonlySet<string> = new Set(['flaky', 'bad'])

/** Tasks of every kind of life: chains, a map, retries, a handled failure, a skip, SQL, python, and one that never ends. */
const PIPELINE = `dagwright: 1
id: crash
concurrency: 4
tasks:
  # Ends only when the test lets it, and never by SIGTERM: whether its death follows from the kill is certain.
  gate:
    kind: shell
    run: |
      trap '' TERM
      echo "start gate $DAGWRIGHT_ATTEMPT" >> lines.txt
      while [ ! -e go ]; do sleep 0.02; done
      echo "end gate $DAGWRIGHT_ATTEMPT" >> lines.txt
  after_gate: { kind: shell, needs: [gate], run: ./work 0.02 }
  list:
    kind: shell
    run: |
      ./work 0.05
      echo 'items:=[1,2,3,4,5,6]' >> "$DAGWRIGHT_OUTPUT"
  each:
    kind: shell
    needs: [list]
    forEach: \${{ tasks.list.outputs.items }}
    run: |
      ./work 0.0\${{ item }}
      echo "tenfold:=\${{ item * 10 }}" >> "$DAGWRIGHT_OUTPUT"
  follow:
    kind: shell
    needs: [each]
    forEach: { each: each }
    run: ./work 0.03
  sum:
    kind: python
    needs: [each]
    code: |
      import os
      label = f"{os.environ['DAGWRIGHT_TASK_ID']} {os.environ['DAGWRIGHT_ATTEMPT']}"
      with open('lines.txt', 'a') as lines: lines.write(f'start {label}\\n')
      total = sum(\${{ tasks.each.outputs.tenfold }})
      with open('lines.txt', 'a') as lines: lines.write(f'end {label}\\n')
      with open(os.environ['DAGWRIGHT_OUTPUT'], 'a') as output: output.write(f'total:={total}\\n')
  load:
    kind: sql
    database: crash.duckdb
    needs: [list]
    sql: create or replace table numbers as select range as n from range(2000000)
    outputs: { size: select count(*) from numbers }
  query:
    kind: sql
    database: crash.duckdb
    needs: [load]
    sql: create or replace table sums as select sum(n) as total from numbers
    outputs: { total: select total::bigint from sums }
  flaky:
    kind: shell
    retries: { limit: 2, delay: 80ms }
    run: |
      ./work 0.04
      mkdir flaky-failed || exit 0
      exit 3
  after_flaky: { kind: shell, needs: [flaky], run: ./work 0.1 }
  bad:
    kind: shell
    retries: { limit: 1, delay: 30ms }
    run: |
      ./work 0.02
      exit 4
  handler: { kind: shell, needs: [bad], triggerRule: one_failed, run: ./work 0.05 }
  skipped: { kind: shell, needs: [list], when: "\${{ size(tasks.list.outputs.items) > 100 }}", run: ./work 0.1 }
  slow: { kind: shell, needs: [list], run: ./work 0.2 }
  join: { kind: shell, needs: [after_gate, follow, sum, query, after_flaky, handler, slow], run: ./work 0.02 }
`

const WORK = `#!/bin/sh
label="$DAGWRIGHT_TASK_ID\${DAGWRIGHT_INDEX:+[$DAGWRIGHT_INDEX]} $DAGWRIGHT_ATTEMPT"
echo "start $label" >> lines.txt
sleep "$1"
echo "end $label" >> lines.txt
`

export function putPipeline(workspace: CrashWorkspace): void {
  workspace.put('crash.dag.yaml', PIPELINE)
  workspace.put('work', WORK, 0o755)
}

/** What must come out whatever was killed on the way: final states and outputs, without times and numbers of attempts. */
export function essenceOf(stdout: string): unknown {
  const keep = new Set(['state', 'tasks', 'outputs', 'origin', 'exitCode', 'instances', 'index'])
  const strip = (value: unknown, isTable: boolean): unknown => {
    if (Array.isArray(value)) return value.map((one) => strip(one, false))
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value).filter(([key]) => isTable || keep.has(key))
    return Object.fromEntries(
      entries.map(([key, own]) => [key, key === 'outputs' && !isTable ? own : strip(own, key === 'tasks' && !isTable)]),
    )
  }
  return strip(JSON.parse(stdout), false)
}
