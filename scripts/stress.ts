import { parseArgs } from 'node:util'
import { reportOutcome, sumOutcomes } from './lib/outcome.ts'
import { runStep } from './lib/run-step.ts'
import { runStress } from './lib/run-stress.ts'

/** `npm run stress -- --times 3 --project system e2e/reply` runs these specs three times; by default all runs once. */
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { times: { type: 'string', default: '1' }, project: { type: 'string', multiple: true, default: [] } },
})
const times = Number(values.times)
if (!Number.isInteger(times) || times < 1)
  throw new Error(`--times takes a whole number of at least 1, not ${values.times}`)

const built = await runStep('build')
reportOutcome(sumOutcomes([built, await runStress({ times, projects: values.project, files: positionals })]))
