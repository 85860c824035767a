import { expect, test } from 'vitest'
import { newItem, onePasswordItem, withField } from './one-password-item.ts'

test('a new item has a concealed field', () => {
  expect(withField(newItem('runner'), 'TOKEN', 't')).toEqual({
    title: 'runner',
    category: 'SECURE_NOTE',
    fields: [{ id: 'TOKEN', type: 'CONCEALED', label: 'TOKEN', value: 't' }],
  })
})

test('an old field gets the new value, and the rest of the item stays', () => {
  const item = onePasswordItem.parse({
    id: 'x',
    vault: { id: 'v' },
    fields: [
      { id: 'a1', label: 'TOKEN', type: 'CONCEALED', value: 'old', section: { id: 's' } },
      { id: 'notesPlain', label: 'notesPlain' },
    ],
  })
  expect(withField(item, 'TOKEN', 'new')).toEqual({
    id: 'x',
    vault: { id: 'v' },
    fields: [
      { id: 'a1', label: 'TOKEN', type: 'CONCEALED', value: 'new', section: { id: 's' } },
      { id: 'notesPlain', label: 'notesPlain' },
    ],
  })
})
