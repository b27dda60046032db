import { Copy, Dices, Play, Square, Table2, Trash2 } from 'lucide-react'
import { useMemo } from 'react'
import { moneyText } from '#shared/analysis/cost.ts'
import { differenceText, durationText } from '#shared/analysis/duration-text.ts'
import type { MonteCarloResult } from '#shared/analysis/monte-carlo-result.ts'
import { changeText, type Scenario } from '#shared/analysis/scenario.ts'
import type { Micros } from '#shared/model/time.ts'
import type { SavedScenario } from '../state/savedScenarios.ts'
import {
  cancelScenarioDraws,
  changeSaved,
  drawScenarios,
  SCENARIO_DRAWS,
  scenarioKey,
  suppose,
  useWhatIf,
} from '../state/whatIf.ts'
import { useWorkspace } from '../state/workspace.ts'
import { Button } from '../ui/Button.tsx'
import { IconButton } from '../ui/IconButton.tsx'
import { TextField } from '../ui/TextField.tsx'
import { ChartMenu } from './chart/ChartMenu.tsx'
import { csvText } from './chart/csv-text.ts'
import styles from './DrawsPanel.module.css'
import { type FactsColumn, FactsTable } from './FactsTable.tsx'
import { goalText, isSuccess, percentText } from './goal-text.ts'
import { plainText } from './plain-text.ts'
import { type ScenarioRow, scenarioRows } from './scenario-rows.ts'

/** Kept scenarios beside the pipeline as it is: by one simulation at once, by thousands of draws when asked for. */
export function ScenariosPanel() {
  const { source, saved, draws, drawing, interval } = useWhatIf()
  const price = useWorkspace((state) => state.info?.slotPrice ?? null)
  const rows = useMemo(() => (source === null ? [] : scenarioRows(source, saved, interval)), [source, saved, interval])
  const drawable = rows.filter(({ problem }) => problem === null).map(({ scenario }) => scenario)
  const undrawn = drawable.filter((scenario) => !draws.has(scenarioKey(scenario)))
  return (
    <div className={styles.panel}>
      <div className={styles.head}>
        {drawing !== null ? (
          <Button size="small" icon={Square} onClick={cancelScenarioDraws}>
            Stop drawing ({drawing.drawn.toLocaleString('en')} of {SCENARIO_DRAWS.toLocaleString('en')})
          </Button>
        ) : (
          <Button size="small" icon={Dices} disabled={undrawn.length === 0} onClick={() => drawScenarios(drawable)}>
            Draw each {SCENARIO_DRAWS.toLocaleString('en')} times
          </Button>
        )}
        {saved.length === 0 && (
          <span>
            <Table2 size={14} aria-hidden /> Suppose something and keep it, to see it here beside the pipeline as it is.
          </span>
        )}
        <ChartMenu title="Scenarios" csv={() => csvOf(rows, draws)} />
      </div>
      <FactsTable label="Scenarios side by side" columns={columnsOf(draws, price)} rows={rows} keyOf={({ id }) => id} />
    </div>
  )
}

function columnsOf(draws: ReadonlyMap<string, MonteCarloResult>, price: Price): readonly FactsColumn<ScenarioRow>[] {
  const drawnOf = ({ scenario }: ScenarioRow) => draws.get(scenarioKey(scenario))
  const percentile = (row: ScenarioRow, wanted: number) => {
    const value = drawnOf(row)?.makespan.percentiles.find(({ percent }) => percent === wanted)?.value
    return value === undefined ? '–' : durationText(value)
  }
  const goals = [...draws.values()][0]?.goals ?? []
  return [
    { title: 'Scenario', cell: (row) => (row.saved === null ? row.name : <Name saved={row.saved} />) },
    {
      title: 'Makespan',
      numeric: true,
      cell: ({ makespan }) => (makespan === null ? 'can’t be made' : durationText(makespan)),
      tip: ({ problem }) => problem ?? undefined,
    },
    { title: 'Difference', numeric: true, cell: ({ difference }) => differenceCell(difference) },
    { title: 'p50', numeric: true, cell: (row) => percentile(row, 50) },
    { title: 'p95', numeric: true, cell: (row) => percentile(row, 95) },
    ...(goals.some(({ goal }) => isSuccess(goal)) ? [] : [succeeds(drawnOf)]),
    ...goals.map(
      ({ goal }, index): FactsColumn<ScenarioRow> => ({
        title: goalText(goal),
        numeric: true,
        cell: (row) => {
          const chance = drawnOf(row)?.goals[index]?.chance
          return chance === undefined ? '–' : percentText(chance)
        },
      }),
    ),
    {
      title: price === null ? 'Slot-hours' : 'Cost',
      numeric: true,
      cell: ({ slotHours }) => (slotHours === null ? '–' : costText(slotHours, price)),
      tip: () => 'All slots held from start to end',
    },
    { title: 'Actions', cell: (row) => <Actions row={row} /> },
  ]
}

function succeeds(drawnOf: (row: ScenarioRow) => MonteCarloResult | undefined): FactsColumn<ScenarioRow> {
  return {
    title: 'Succeeds',
    numeric: true,
    cell: (row) => {
      const drawn = drawnOf(row)
      return drawn === undefined ? '–' : percentText(1 - drawn.states.failed)
    },
  }
}

function differenceCell(difference: Micros | null): string {
  if (difference === null) return '–'
  return difference === 0 ? 'none' : differenceText(difference)
}

type Price = { readonly perHour: number; readonly currency: string } | null

function costText(hours: number, price: Price): string {
  return price === null ? String(Number(hours.toPrecision(3))) : moneyText(hours * price.perHour, price.currency)
}

function Name({ saved }: { readonly saved: SavedScenario }) {
  return (
    <TextField
      className={styles.name}
      label="Name of the scenario"
      title={whatText(saved.scenario)}
      value={saved.name}
      onCommit={(name) => {
        if (name.trim() !== '') changeSaved((all) => all.map((one) => (one.id === saved.id ? { ...one, name } : one)))
      }}
    />
  )
}

function Actions({ row: { saved, scenario, name } }: { readonly row: ScenarioRow }) {
  const active = useWhatIf((state) => scenarioKey(state.scenario) === scenarioKey(scenario))
  return (
    <>
      <IconButton
        size="small"
        icon={Play}
        label={saved === null ? 'Back to the pipeline' : `Suppose ${name}`}
        disabled={active}
        onClick={() => suppose(scenario)}
      />
      {saved !== null && (
        <>
          <IconButton
            size="small"
            icon={Copy}
            label={`Duplicate ${name}`}
            onClick={() =>
              changeSaved((all) => [...all, { ...saved, id: crypto.randomUUID(), name: `${saved.name} (copy)` }])
            }
          />
          <IconButton
            size="small"
            icon={Trash2}
            label={`Delete ${name}`}
            onClick={() => changeSaved((all) => all.filter(({ id }) => id !== saved.id))}
          />
        </>
      )}
    </>
  )
}

function whatText(scenario: Scenario): string {
  return plainText(scenario.map(changeText).join(', '))
}

function csvOf(rows: readonly ScenarioRow[], draws: ReadonlyMap<string, MonteCarloResult>): string {
  const seconds = (time: Micros | null) => (time === null ? null : time / 1e6)
  return csvText(
    ['scenario', 'changes', 'makespan_seconds', 'difference_seconds', 'p50_seconds', 'p95_seconds', 'slot_hours'],
    rows.map((row) => {
      const percentiles = draws.get(scenarioKey(row.scenario))?.makespan.percentiles ?? []
      const at = (wanted: number) => seconds(percentiles.find(({ percent }) => percent === wanted)?.value ?? null)
      return [
        row.name,
        whatText(row.scenario),
        seconds(row.makespan),
        seconds(row.difference),
        at(50),
        at(95),
        row.slotHours,
      ]
    }),
  )
}
