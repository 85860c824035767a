import { expect, test } from 'vitest'
import { evaluateAudit } from './evaluate-audit.ts'

const found = (severity: string) => JSON.stringify({ vulnerabilities: { thing: { severity, range: '<2', isDirect: false } } })

test.each([
  ['a serious one fails', found('high'), 'vulnerable', /high: thing <2, through another package/],
  ['a critical one fails', found('critical'), 'vulnerable', /critical: thing/],
  ['a lesser one is listed', found('moderate'), 'fine', /moderate: thing/],
  ['nothing is said to be nothing', JSON.stringify({ vulnerabilities: {} }), 'fine', /Nothing is known/],
  ['a registry that refuses is said', JSON.stringify({ message: '405 Method Not Allowed' }), 'unknown', /NOT AUDITED.*405/],
  ['a registry that is away is said', JSON.stringify({ error: { summary: 'request failed' } }), 'unknown', /NOT AUDITED.*request failed/],
  ['no answer is said', '', 'unknown', /NOT AUDITED.*no answer/],
])('%s', (_, output, outcome, says) => {
  const evaluated = evaluateAudit(output)
  expect(evaluated.outcome).toBe(outcome)
  expect(evaluated.lines.join('\n')).toMatch(says)
})
