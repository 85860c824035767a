import { expect, test } from 'vitest'
import { PERMISSIONS } from '../../../runner/github/app-tokens.ts'
import { DOCUMENTED_PERMISSIONS } from './install-app.ts'

test('an installed App has exactly the permissions that the runner needs', () => {
  expect(DOCUMENTED_PERMISSIONS).toEqual(Object.assign({ metadata: 'read' }, ...Object.values(PERMISSIONS)))
})
