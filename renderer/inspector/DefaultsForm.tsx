import type { ReactNode } from 'react'
import { KIND_DEFAULTS } from '../kinds/forms.ts'
import { SloFields } from './compound-fields.tsx'
import styles from './Inspector.module.css'
import { AboutFields, DataFields, EnvironmentFields, RepeatFields, TimeFields, TriggerFields } from './TaskFields.tsx'

/** What counts for every task that says nothing itself: the fields of a task's own form, but its id, name, code and needs. */
export function DefaultsForm() {
  return (
    <>
      <Part title="General">
        <AboutFields />
      </Part>
      <Part title="Dependencies">
        <TriggerFields />
      </Part>
      <Part title="Repeat">
        <RepeatFields mapped={[]} />
      </Part>
      <Part title="Retries and time">
        <TimeFields />
      </Part>
      <Part title="Data">
        <DataFields />
      </Part>
      <Part title="Environment">
        <EnvironmentFields />
      </Part>
      {KIND_DEFAULTS.map(({ title, fields }) => (
        <Part key={title} title={title}>
          {Object.entries(fields).map(([name, Field]) => (
            <Field key={name} />
          ))}
        </Part>
      ))}
      <Part title="Service level">
        <SloFields />
      </Part>
    </>
  )
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <>
      <h4 className={styles.part}>{title}</h4>
      {children}
    </>
  )
}
