import { createRequire } from 'node:module'
import { cruise, type ICruiseResult, type IReporterOutput } from 'dependency-cruiser'

/** Checks the rooms' borders. A cruiser that saw nothing would be content too, so it must have seen modules and their dependencies. */
const { forbidden, options } = createRequire(import.meta.url)('./layers.cjs')
const { output }: IReporterOutput = await cruise(['shared', 'electron', 'renderer'], {
  ruleSet: { forbidden },
  validate: true,
  ...options,
})
const { summary } = output as ICruiseResult
for (const { rule, from, to, cycle } of summary.violations) {
  console.log(`${rule.severity}  ${rule.name}: ${from} → ${cycle ? cycle.map((step) => step.name).join(' → ') : to}`)
}
console.log(
  `${summary.totalCruised} modules, ${summary.totalDependenciesCruised} dependencies, ${summary.violations.length} violations`,
)
if (summary.totalCruised < 50 || (summary.totalDependenciesCruised ?? 0) < 50) {
  console.log('The cruiser saw too little to vouch for anything.')
  process.exitCode = 1
}
if (summary.violations.some(({ rule }) => rule.severity === 'error')) process.exitCode = 1
