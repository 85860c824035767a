import type { RedrawnPicture } from './redraw-picture.ts'
import { expect, test } from 'vitest'
import { attachment } from '#shared/model/attachment.ts'
import { MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES } from '#shared/model/limits.ts'
import { prepareFile } from './prepare-file.ts'

const drawn = (about: Partial<RedrawnPicture> = {}) => async () => ({ blob: new Blob(['drawn']), mime: 'image/png' as const, width: 4, height: 3, ...about })
const nothing = async () => null

test('a picture is sent as it was drawn anew, under a name that fits', async () => {
  const prepared = await prepareFile(new File(['photo'], 'IMG_1.HEIC', { type: 'image/heic' }), drawn({ mime: 'image/jpeg' }))
  expect(prepared).toMatchObject({ ok: true, file: { kind: 'image', name: 'IMG_1.jpg', mime: 'image/jpeg', size: 5, width: 4, height: 3 } })
})

test.each([
  ['a text', new File(['# Hello'], 'README.md', { type: 'text/markdown' }), 'README.md'],
  ['a text of a type nobody knows', new File(['a: 1'], 'values.yaml'), 'values.yaml'],
  ['a drawing that is a program', new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' }), 'a.svg'],
  ['a name with line breaks', new File(['a'], 'a\nb\t.txt'), 'a b .txt'],
  ['no name', new File(['a'], ''), 'file'],
  ['a name without end', new File(['a'], `${'a'.repeat(300)}.txt`), `${'a'.repeat(116)}.txt`],
])('%s is attached as text', async (_, file, name) => {
  const prepared = await prepareFile(file, nothing)
  expect(prepared).toMatchObject({ ok: true, file: { kind: 'text', name, size: file.size } })
  expect(prepared.ok && attachment.safeParse(prepared.file).success).toBe(true)
})

test.each<[string, File, () => Promise<RedrawnPicture | null>, RegExp]>([
  ['nothing', new File([], 'a.txt'), nothing, /a\.txt is empty/],
  ['a picture that cannot be read', new File(['x'], 'a.tiff', { type: 'image/tiff' }), nothing, /Save it as PNG or JPEG/],
  [
    'a picture that stays too large',
    new File(['x'], 'a.png', { type: 'image/png' }),
    drawn({ blob: new Blob([new Uint8Array(MAX_IMAGE_BYTES + 1)]) }),
    /3\.5 MB; a picture can have 3\.5 MB/,
  ],
  ['a text that is too long', new File(['x'.repeat(MAX_TEXT_FILE_BYTES + 1)], 'a.log'), nothing, /a text can have 256 kB/],
  ['what is neither', new File([new Uint8Array([0x50, 0x4B, 3, 4, 0])], 'a.zip'), nothing, /neither a picture nor a text/],
  ['text that is not UTF-8', new File([new Uint8Array([0x47, 0xFC])], 'a.txt'), nothing, /UTF-8/],
])('%s is not, and says what to do', async (_, file, redraw, problem) => {
  expect(await prepareFile(file, redraw)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
})

test('the same bytes have the same name, whatever the file is called', async () => {
  const ids = await Promise.all(['a.txt', 'b.txt'].map(name => prepareFile(new File(['same'], name), nothing)))
  expect(new Set(ids.map(one => one.ok && one.file.id)).size).toBe(1)
})
