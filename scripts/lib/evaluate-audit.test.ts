import { expect, test } from 'vitest'
import { evaluateAudit } from './evaluate-audit.ts'

const found = (severity: string) => JSON.stringify({ vulnerabilities: { thing: { severity, range: '<2', isDirect: false } } })

test.each([
  ['a high severity fails', found('high'), 'vulnerable', /high: thing <2, through another package/],
  ['a critical severity fails', found('critical'), 'vulnerable', /critical: thing/],
  ['a moderate severity is listed', found('moderate'), 'fine', /moderate: thing/],
  ['an empty report is fine', JSON.stringify({ vulnerabilities: {} }), 'fine', /Nothing is known/],
  ['a refusal of the registry is unknown', JSON.stringify({ message: '405 Method Not Allowed' }), 'unknown', /NOT AUDITED.*405/],
  ['an unreachable registry is unknown', JSON.stringify({ error: { summary: 'request failed' } }), 'unknown', /NOT AUDITED.*request failed/],
  ['no answer is unknown', '', 'unknown', /NOT AUDITED.*no answer/],
])('%s', (_, output, outcome, text) => {
  const evaluated = evaluateAudit(output)
  expect(evaluated.outcome).toBe(outcome)
  expect(evaluated.lines.join('\n')).toMatch(text)
})
