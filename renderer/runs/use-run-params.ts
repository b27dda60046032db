import { useEffect, useState } from 'react'
import type { Json, Pipeline } from '#shared/model/pipeline.ts'
import { api } from '../state/client.ts'
import { workspaceRoot } from '../state/workspace.ts'
import { changedParameters } from './parameter-form.ts'

/** Parameters of past runs never change: asked for once. */
const known = new Map<string, Promise<Readonly<Record<string, Json>>>>()

function paramsOf(run: string): Promise<Readonly<Record<string, Json>>> {
  const workspace = workspaceRoot()
  const key = `${workspace}\n${run}`
  const asked =
    known.get(key) ??
    api()
      .runs.frozen({ workspace, run })
      .then(({ header }) => header.params)
  known.set(key, asked)
  asked.catch(() => known.delete(key))
  return asked
}

/** "min_distance=500 top=3": what a run was given that is not the pipeline's default; '' where all is, or it is not known yet. */
export function useParameterText(run: string, pipeline: Pipeline | null): string {
  const [params, setParams] = useState<Readonly<Record<string, Json>> | null>(null)
  useEffect(() => {
    let current = true
    paramsOf(run).then(
      (found) => current && setParams(found),
      // The list works without them; choosing the run tells what is wrong with it.
      () => undefined,
    )
    return () => {
      current = false
    }
  }, [run])
  if (params === null || pipeline === null) return ''
  return changedParameters(params, pipeline.params)
    .map(({ name, value }) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' ')
}
