import { AlarmClock, CircleCheckBig, Siren } from 'lucide-react'
import { usePipeline } from '../state/documents.ts'
import { missedText, useObjectives } from '../state/objectives.ts'
import { objectiveText, SLO_LABELS, useSloReport } from '../state/sloReport.ts'
import { STATE_STYLES } from '../ui/states.ts'
import styles from './TaskCard.module.css'

/** What else a card says beside its name: that it runs by how the run ended, and that an objective of it is missed. */
export function CardBadges({ task }: { readonly task: string }) {
  const onSuccess = usePipeline()?.onSuccess.includes(task) === true
  const onFailure = usePipeline()?.onFailure.includes(task) === true
  const missed = useObjectives((state) => state.missed.find((goal) => goal.task === task) ?? null)
  const broken = useSloReport(
    (state) =>
      state.report?.objectives.find(
        (one) => one.task === task && (one.status === 'missed' || one.status === 'at_risk'),
      ) ?? null,
  )
  const handler = onSuccess && onFailure ? 'ends' : onFailure ? 'fails' : 'succeeds'
  const Icon = onFailure ? Siren : CircleCheckBig
  return (
    <>
      {(onSuccess || onFailure) && (
        <span className={styles.mapped} title={`Runs after all other tasks, when the run ${handler}`}>
          <Icon size={13} aria-hidden />
          <span className="visually-hidden">Runs when the run {handler}</span>
        </span>
      )}
      {missed && (
        <span className={styles.problems} data-severity="warning" title={missedText(missed)}>
          <AlarmClock size={13} aria-hidden color={STATE_STYLES.retrying.color} />
          <span className="visually-hidden">Objective missed</span>
        </span>
      )}
      {!missed && broken && (
        <span
          className={styles.problems}
          data-severity={broken.status === 'missed' ? 'error' : 'warning'}
          title={`Objective ${SLO_LABELS[broken.status].toLowerCase()}. ${objectiveText(broken)}`}
        >
          <AlarmClock size={13} aria-hidden />
          <span className="visually-hidden">Objective {SLO_LABELS[broken.status].toLowerCase()}</span>
        </span>
      )}
    </>
  )
}
