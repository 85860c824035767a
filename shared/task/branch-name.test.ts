import { expect, test } from 'vitest'
import { branchName } from './branch-name.ts'

test.each([
  ['Add a farewell', 'mainloop/a1b2c3d4e5-add-a-farewell'],
  ['Größe: 10 → 20 %!', 'mainloop/a1b2c3d4e5-gro-e-10-20'],
  ['../../etc/passwd', 'mainloop/a1b2c3d4e5-etc-passwd'],
  ['日本語', 'mainloop/a1b2c3d4e5'],
  ['x'.repeat(100), `mainloop/a1b2c3d4e5-${'x'.repeat(40)}`],
])('%s becomes %s', (title, branch) => {
  expect(branchName({ id: 'a1b2c3d4e5', title })).toBe(branch)
})
