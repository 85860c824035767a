import type { Json } from '#shared/model/json.ts'
import { flushPromises } from '@vue/test-utils'
import { expect, test } from 'vitest'
import { must } from '#shared/lib/must.ts'
import { Refused } from '#shared/model/refusal.ts'
import { createHarness } from '../../testing/harness.ts'
import SettingsNotes from './SettingsNotes.vue'
import SettingsUsage from './SettingsUsage.vue'

const note = (id: string, text: string, changedAt = 1): Json => ({ id, text, by: 'claude', createdAt: 1, changedAt })

function notes(rows: Record<string, Json> = {}) {
  const harness = createHarness()
  harness.set({ turn: { state: 'idle', since: 0 }, ...rows })
  const page = harness.mount(SettingsNotes)
  const button = (name: string) => {
    const buttons = page.findAll('button')
    return must(buttons.find(one => one.text() === name || one.attributes('aria-label') === name), name)
  }
  return { ...harness, page, button, changes: () => harness.calls.filter(call => call.includes('Note')) }
}

test('an empty list explains how to add a note', () => {
  expect(notes().page.text()).toContain('Ask Claude to remember something, or write it here.')
})

test('notes are listed with their author, last changed first', () => {
  const { page } = notes({ 'note/a': note('a', 'Likes tabs.', 1), 'note/b': note('b', 'Ships on Tuesday.', 2) })
  expect(page.findAll('li').map(item => item.text())).toEqual([
    expect.stringMatching(/^Ships on Tuesday\.Kept by Claude/),
    expect.stringMatching(/^Likes tabs\./),
  ])
})

test('a new note is added and the field is cleared', async () => {
  const { page, changes } = notes()
  await page.get('[aria-label="New note"] textarea').setValue('Prefers Rust.')
  await page.get('form[aria-label="New note"]').trigger('submit')
  await flushPromises()
  expect(changes()).toEqual([expect.stringMatching(/^addNote \{"id":"[\w-]{21}","text":"Prefers Rust\."\}$/)])
  expect(page.get<HTMLTextAreaElement>('[aria-label="New note"] textarea').element.value).toBe('')
})

test('a note is edited, and a refused edit keeps the text and shows the reason', async () => {
  const { page, button, changes, refuse } = notes({ 'note/a': note('a', 'Likes tabs.') })
  await button('Edit: Likes tabs.').trigger('click')
  await page.get('li textarea').setValue('Likes spaces.')
  await page.get('li form').trigger('submit')
  await flushPromises()
  expect(changes()).toEqual(['editNote {"id":"a","text":"Likes spaces."}'])
  expect(page.find('li textarea').exists()).toBe(false)

  refuse(new Refused('too-large', 'There is no room for this note.'))
  await button('Edit: Likes tabs.').trigger('click')
  await page.get('li textarea').setValue('Likes both.')
  await page.get('li form').trigger('submit')
  await flushPromises()
  expect(page.get('[role=alert]').text()).toBe('There is no room for this note.')
  expect(page.get<HTMLTextAreaElement>('li textarea').element.value).toBe('Likes both.')
})

test('a deleted note can be put back', async () => {
  const { button, changes } = notes({ 'note/a': note('a', 'Likes tabs.') })
  await button('Delete: Likes tabs.').trigger('click')
  await flushPromises()
  await button('Put it back').trigger('click')
  expect(changes()).toEqual(['deleteNote {"id":"a"}', expect.stringMatching(/^addNote .*"text":"Likes tabs\."/)])
})

test('usage is shown by day, with the tokens that have no price', () => {
  const harness = createHarness()
  const day = (day: string, costUsd: number, unpricedTokens: number): Json => ({
    day,
    replies: 3,
    inputTokens: 12_300,
    outputTokens: 900,
    cacheReadTokens: 45_000,
    cacheWriteTokens: 2_000,
    costUsd,
    unpricedTokens,
  })
  harness.set({ 'usage/2026-11-24': day('2026-11-24', 0.004, 0), 'usage/2026-11-25': day('2026-11-25', 1.5, 7_000) })
  const page = harness.mount(SettingsUsage)
  expect(page.findAll('tbody tr').map(row => row.findAll('th, td').map(cell => cell.text()))).toEqual([
    ['2026-11-25', '$1.50', '3', '12.3K', '45K', '2K', '900'],
    ['2026-11-24', '< $0.01', '3', '12.3K', '45K', '2K', '900'],
  ])
  expect(page.text()).toContain('7K tokens are of models whose price is not known')
})
