import process from 'node:process'
import { execa } from 'execa'
import { evaluateAudit } from './lib/evaluate-audit.ts'
import { COULD_NOT_TELL } from './lib/run-step.ts'

/** Asks the registry for known vulnerabilities of the packages in the lockfile. */
const { stdout } = await execa('npm', ['audit', '--json', '--audit=true'], { reject: false })
const { outcome, lines } = evaluateAudit(stdout)
for (const line of lines)
  console.log(`  ${line}`)
process.exitCode = { fine: 0, vulnerable: 1, unknown: COULD_NOT_TELL }[outcome]
