import * as z from 'zod'

/** The format of `op item get --format json` and `op item edit`; all but the fields passes through unread. */
export const onePasswordItem = z.looseObject({
  fields: z.array(z.looseObject({ label: z.string().optional(), value: z.string().optional() })).default([]),
})
export type OnePasswordItem = z.infer<typeof onePasswordItem>

/** The format of `op item list --format json`. */
export const onePasswordList = z.array(z.looseObject({ title: z.string() }))

export function newItem(title: string): OnePasswordItem {
  return { title, category: 'SECURE_NOTE', fields: [] }
}

/** Sets the field with this label, or adds a concealed one. */
export function withField(item: OnePasswordItem, label: string, value: string): OnePasswordItem {
  const hasLabel = (field: OnePasswordItem['fields'][number]): boolean => field.label === label
  return {
    ...item,
    fields: item.fields.some(hasLabel)
      ? item.fields.map(field => hasLabel(field) ? { ...field, value } : field)
      : [...item.fields, { id: label, type: 'CONCEALED', label, value }],
  }
}
