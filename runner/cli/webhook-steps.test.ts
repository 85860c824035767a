import { expect, test } from 'vitest'
import { webhookSteps } from './webhook-steps.ts'

test('the steps for a new webhook use the names of GitHub\'s own page', () => {
  const steps = webhookSteps({ id: 'abc', url: 'https://mainloop.example/github/webhook/mlg.x', secret: 's3cret' })
  expect(steps).toContain('  Payload URL   https://mainloop.example/github/webhook/mlg.x\n  Content type  application/json\n  Secret        s3cret\n')
  expect(steps).toContain('mainloop token revoke abc')
  expect(steps).not.toContain('cannot reach')
})

test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000'])('the steps warn that GitHub cannot reach %s', (edge) => {
  expect(webhookSteps({ id: 'abc', url: `${edge}/github/webhook/x`, secret: 's' })).toContain('GitHub cannot reach this address')
})
