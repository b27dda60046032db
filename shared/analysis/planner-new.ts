import { freeId, idFrom } from '../model/id.ts'

/** More of them would make the first answer slow; whoever wants them adds them. */
const MOST_PIPELINES = 20

/**
 * The text of a new plan for an hour in the morning: of these pipeline files, given relative to the plan, or of a made-up
 * one where there is none.
 */
export function newPlanText(name: string, files: readonly string[]): string {
  const ids: string[] = []
  const pipelines = files.slice(0, MOST_PIPELINES).map((path) => {
    const id = freeId(idFrom(path.replace(/^.*\//, '').replace(/\.dag\.yaml$/, '')), ids)
    ids.push(id)
    return `  ${id}: { file: ${JSON.stringify(path)} }`
  })
  return `dagwrightPlan: 1
name: ${JSON.stringify(name)}
window: { start: "06:00", length: 1h }
# By when every pipeline that does not say its own has to be done.
deadline: "07:00"
# How many workers there are today, and how many there can be at most.
workers: 4
most: 8
pipelines:
${pipelines.length > 0 ? pipelines.join('\n') : '  first: { duration: 10m }'}
`
}
