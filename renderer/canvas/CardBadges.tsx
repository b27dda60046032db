import { AlarmClock } from 'lucide-react'
import type { CardBadges as Badges } from './badges.ts'
import { handlerIcon } from './paint/card.ts'
import styles from './TaskCard.module.css'

/** What else a card says beside its name: that it runs by how the run ended, and that an objective of it is not kept. */
export function CardBadges({ badges: { handler, objective } }: { readonly badges: Badges }) {
  const Icon = handler && handlerIcon(handler)
  return (
    <>
      {Icon && (
        <span className={styles.mapped} title={`Runs after all other tasks, when the run ${handler}`}>
          <Icon size={13} aria-hidden />
          <span className="visually-hidden">Runs when the run {handler}</span>
        </span>
      )}
      {objective && (
        <span className={styles.problems} title={objective.title}>
          <AlarmClock size={13} aria-hidden color={`var(${objective.token})`} />
          <span className="visually-hidden">{objective.label}</span>
        </span>
      )}
    </>
  )
}
