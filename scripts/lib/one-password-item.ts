import * as z from 'zod'

/** An item as `op item get --format json` prints it and `op item edit` takes it; what is not about fields is passed on unread. */
export const onePasswordItem = z.looseObject({
  fields: z.array(z.looseObject({ label: z.string().optional(), value: z.string().optional() })).default([]),
})
export type OnePasswordItem = z.infer<typeof onePasswordItem>

/** As `op item list --format json` prints it. */
export const onePasswordList = z.array(z.looseObject({ title: z.string() }))

/** A new one, with a name only. */
export function newItem(title: string): OnePasswordItem {
  return { title, category: 'SECURE_NOTE', fields: [] }
}

/** The item with a concealed field of this label set, wherever it stands. */
export function withField(item: OnePasswordItem, label: string, value: string): OnePasswordItem {
  const isIt = (field: OnePasswordItem['fields'][number]): boolean => field.label === label
  return {
    ...item,
    fields: item.fields.some(isIt)
      ? item.fields.map(field => isIt(field) ? { ...field, value } : field)
      : [...item.fields, { id: label, type: 'CONCEALED', label, value }],
  }
}
