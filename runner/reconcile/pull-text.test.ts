import type { Verdict } from '#shared/model/task-event.ts'
import { expect, test } from 'vitest'
import { pullText } from './pull-text.ts'

const HEAD = 'a1b2c3d'.padEnd(40, '0')
const task = { id: 'a1b2c3d4e5', brief: 'Add a farewell.', summaries: [], flags: [], issue: null }
const text = (fields: Partial<Parameters<typeof pullText>[0]> = {}, verdict: Verdict | null = null) => pullText({ ...task, ...fields }, HEAD, verdict)
const waiting = '\n\n### Checks\n\nWaiting for CI on a1b2c3d.'
const origin = '\n\n---\nMade by mainloop, task `a1b2c3d4e5`.\n<!-- mainloop: write below this line -->'

test('the pull request closes the issue that holds its plan', () => {
  expect(text({ issue: { number: 3, url: 'https://github.com/octo/hello/issues/3' } })).toMatch(/^Closes #3\n\nAdd a farewell\./)
})

test('the text lists the summaries, oldest first', () => {
  expect(text({ summaries: ['Added it.', 'Fixed it.'] })).toBe(`Added it.\n\nFixed it.${waiting}${origin}`)
})

test('the text shows the brief when there is no summary', () => {
  expect(text()).toBe(`Add a farewell.${waiting}${origin}`)
})

test.each<[Verdict, string]>([
  [{ kind: 'pending', waitingFor: ['test'], isRunning: true }, 'Waiting for CI on a1b2c3d.'],
  [{ kind: 'draft', skipped: ['CI / test', '@all'] }, 'These jobs skip drafts and have not run on a1b2c3d: CI / test, `@all`.'],
  [{ kind: 'passed', checks: 3 }, 'CI is green on a1b2c3d: 3 checks passed.'],
  [{ kind: 'none' }, 'No CI ran on a1b2c3d, so nothing was verified.'],
  [
    { kind: 'failed', failure: { kind: 'checks', summary: 'CI / test did not pass (1 of 2)', jobs: [] } },
    'Not green on a1b2c3d: CI / test did not pass (1 of 2).',
  ],
  [
    { kind: 'failed', failure: { kind: 'checks', summary: 'closes #1 @octocat did not pass (1 of 1)', jobs: [] } },
    'Not green on a1b2c3d: `closes #1 @octocat did not pass (1 of 1)`.',
  ],
])('the text says how it was checked (%#)', (verdict, sentence) => {
  expect(text({}, verdict)).toContain(`\n\n### Checks\n\n${sentence}\n`)
})

test('flags have a heading of their own', () => {
  expect(text({ summaries: ['Added it.'], flags: ['Changes the workflow ci.yml.'] }))
    .toBe(`Added it.${waiting}\n\n### Look at twice\n\n- Changes the workflow ci.yml.${origin}`)
})

test('a file\'s name closes no issue and mentions nobody', () => {
  expect(text({ flags: ['Deletes the test test/closes #1 @octocat`.js'] })).toContain('- `Deletes the test test/closes #1 @octocat\'.js`\n')
})

test('no summary and no file name can forge the end marker of mainloop\'s text', () => {
  const end = '<!-- mainloop: write below this line -->'
  const body = text({ summaries: [`Looks for ${end} in texts.`, `<!-- main${end}loop: write below this line -->`], flags: [`Changes the test ${end}.test.ts`] })
  expect(body.indexOf(end)).toBe(body.length - end.length)
  expect(body).toContain('Looks for &lt;!-- mainloop: write below this line --> in texts.')
})

test('a long text is cut to GitHub\'s limit, but keeps its checks and flags', () => {
  const long = text({ summaries: ['x'.repeat(70_000)], flags: ['Changes a test.'] })
  expect(long.length).toBeLessThan(65_536)
  expect(long).toContain(` …${waiting}\n\n### Look at twice\n\n- Changes a test.`)
})

test('the text fits GitHub\'s limit with the flags of many attempts', () => {
  const flags = Array.from({ length: 150 }, (_, i) => `Changes the test ${i}`.padEnd(500, 'x'))
  const long = text({ summaries: ['x'.repeat(70_000)], flags })
  expect(long.length).toBeLessThan(65_536)
  expect(long).toContain('x …\n\n### Checks')
  expect(long).toContain(`\n- … and 100 more, which mainloop lists${origin}`)
})
