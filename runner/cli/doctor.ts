import process from 'node:process'
import { defineCommand } from 'citty'
import { runChecks } from '../doctor/run-checks.ts'

export const doctorCommand = defineCommand({
  meta: {
    name: 'doctor',
    description: 'Check the configuration, the edge, the webhook, the cluster\'s rights, GitHub and the Claude '
      + 'credential, and say what to do about each; exits 1 when something is wrong',
  },
  args: {
    repository: {
      type: 'string',
      description: 'owner/name of a repository that must be workable; without it those of the tasks under way',
    },
    json: { type: 'boolean', default: false, description: 'As JSON, for programs' },
  },
  run: async ({ args }) => {
    const checks = await runChecks(process.env, args.repository)
    process.exitCode = checks.every(({ ok }) => ok) ? 0 : 1
    if (args.json)
      return console.log(JSON.stringify(checks, null, 2))
    for (const { name, ok, say } of checks) console.log(`${ok ? 'ok   ' : 'WRONG'}  ${name}: ${say}`)
  },
})
