import { CircleCheck, CircleX } from 'lucide-react'
import { moneyText } from '#shared/analysis/cost.ts'
import type { PlannedProfile, RushAnswer } from '#shared/analysis/planner.ts'
import type { Rush } from '#shared/analysis/planner-input.ts'
import { mostWorkers, rushClock } from '#shared/analysis/planner-text.ts'
import { FactsTable } from '../FactsTable.tsx'
import styles from './Planner.module.css'
import { type ShownWay, WAY_NAMES } from './planner-ways.ts'
import type { PlannedRush } from './use-rush-answer.ts'

const HOUR = 3_600_000_000
const hours = (time: number) => `${(time / HOUR).toFixed(2)} h`

/** What each way takes and costs, and how near the cheapest is to what is possible. */
export function PlannerCosts({ planned, ways }: { readonly planned: PlannedRush; readonly ways: readonly ShownWay[] }) {
  const { rush, answer } = planned
  const { price } = rush
  return (
    <section className={styles.costs} aria-label="Cost">
      <FactsTable
        label="Ways to provide workers"
        rows={ways}
        keyOf={({ way }) => way}
        columns={[
          { title: 'Workers', cell: ({ way }) => WAY_NAMES[way] },
          { title: 'In time', cell: ({ profile }) => <InTime profile={profile} /> },
          {
            title: 'Done',
            numeric: true,
            cell: ({ profile }) => (profile.done === null ? 'never' : rushClock(rush, profile.done)),
          },
          { title: 'At most', numeric: true, cell: ({ profile }) => mostWorkers(profile) },
          { title: 'Utilisation', cell: ({ profile }) => <Utilisation rush={rush} profile={profile} /> },
          { title: 'Worker time', numeric: true, cell: ({ profile }) => hours(profile.workerTime) },
          ...(price === null
            ? []
            : [
                {
                  title: 'Cost',
                  numeric: true,
                  cell: ({ profile }: ShownWay) => moneyText(profile.price ?? 0, price.currency),
                },
              ]),
        ]}
      />
      {savingTexts(rush, answer).map((text) => (
        <p key={text} className={styles.sentence}>
          {text}
        </p>
      ))}
    </section>
  )
}

function InTime({ profile }: { readonly profile: PlannedProfile }) {
  const late = profile.pipelines.filter(({ inTime }) => !inTime).length
  const Icon = profile.inTime ? CircleCheck : CircleX
  return (
    <span className={styles.inTime} data-good={profile.inTime}>
      <Icon size={13} aria-hidden /> {profile.inTime ? 'yes' : `${late} late`}
    </span>
  )
}

/** The share as a number, and as a mark on a scale with the band to aim at. */
function Utilisation({ rush: { band }, profile }: { readonly rush: Rush; readonly profile: PlannedProfile }) {
  const { utilisation } = profile
  if (utilisation === null) return '–'
  const [low, high] = [band.low, band.high].map((share) => Math.round(share * 100))
  const mark = Math.min(1, utilisation) * 64
  return (
    <span className={styles.utilisation} title={`The band to aim at is ${low}% to ${high}%.`}>
      <svg width={64} height={12} aria-hidden="true">
        <rect x={0} y={5} width={64} height={2} fill="var(--hairline)" />
        <rect x={band.low * 64} y={2} width={(band.high - band.low) * 64} height={8} rx={1} fill="var(--bar)" />
        <rect x={Math.max(0, mark - 1)} y={0} width={2} height={12} fill="var(--text)" />
      </svg>
      {Math.round(utilisation * 100)}% {profile.band === 'within' ? '' : `(${profile.band})`}
    </span>
  )
}

function savingTexts({ price, most }: Rush, { planned, fixed, given, bound, proven }: RushAnswer): readonly string[] {
  if (planned === null) return [`No workers over time, up to ${most} at once, bring all home in time.`]
  const amount = (time: number) =>
    price === null ? `${hours(time)} of worker time` : moneyText((time / HOUR) * price.perHour, price.currency)
  const against = (name: string, other: PlannedProfile | null) => {
    if (other === null) return []
    const saved = other.workerTime - planned.workerTime
    const share = Math.round((Math.abs(saved) / other.workerTime) * 100)
    if (saved === 0) return [`The cheapest costs as much as ${name}.`]
    return [`The cheapest costs ${amount(Math.abs(saved))} ${saved > 0 ? 'less' : 'more'} than ${name} (${share}%).`]
  }
  return [
    ...against('fixed workers', fixed),
    ...against('today', given),
    proven
      ? 'Proven: nothing cheaper is in time and within the band.'
      : `Not proven: no way can take less than ${hours(bound)}, this one takes ${hours(planned.workerTime)}.`,
  ]
}
