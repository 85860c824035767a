import type { RedrawnPicture } from './redraw-picture.ts'
import { expect, test } from 'vitest'
import { attachment } from '#shared/model/attachment.ts'
import { MAX_IMAGE_BYTES, MAX_TEXT_FILE_BYTES } from '#shared/model/limits.ts'
import { prepareFile } from './prepare-file.ts'

function redrawAs(about: Partial<RedrawnPicture> = {}) {
  return async () => ({ blob: new Blob(['drawn']), mime: 'image/png' as const, width: 4, height: 3, ...about })
}
const noPicture = async () => null

test('a picture is redrawn and its name gets the new extension', async () => {
  const original = new File(['photo'], 'IMG_1.HEIC', { type: 'image/heic' })
  const prepared = await prepareFile(original, redrawAs({ mime: 'image/jpeg' }))
  const file = { kind: 'image', name: 'IMG_1.jpg', mime: 'image/jpeg', size: 5, width: 4, height: 3 }
  expect(prepared).toMatchObject({ ok: true, file })
})

test.each([
  ['a text', new File(['# Hello'], 'README.md', { type: 'text/markdown' }), 'README.md'],
  ['a text of an unknown type', new File(['a: 1'], 'values.yaml'), 'values.yaml'],
  ['an SVG', new File(['<svg/>'], 'a.svg', { type: 'image/svg+xml' }), 'a.svg'],
  ['a name with line breaks', new File(['a'], 'a\nb\t.txt'), 'a b .txt'],
  ['no name', new File(['a'], ''), 'file'],
  ['an overlong name', new File(['a'], `${'a'.repeat(300)}.txt`), `${'a'.repeat(116)}.txt`],
])('%s is attached as text', async (_, file, name) => {
  const prepared = await prepareFile(file, noPicture)
  expect(prepared).toMatchObject({ ok: true, file: { kind: 'text', name, size: file.size } })
  expect(prepared.ok && attachment.safeParse(prepared.file).success).toBe(true)
})

test.each<[string, File, () => Promise<RedrawnPicture | null>, RegExp]>([
  ['an empty file', new File([], 'a.txt'), noPicture, /a\.txt is empty/],
  ['an unreadable picture', new File(['x'], 'a.tiff', { type: 'image/tiff' }), noPicture, /Save it as PNG or JPEG/],
  [
    'a picture that is too large after redrawing',
    new File(['x'], 'a.png', { type: 'image/png' }),
    redrawAs({ blob: new Blob([new Uint8Array(MAX_IMAGE_BYTES + 1)]) }),
    /3\.5 MB; a picture can have 3\.5 MB/,
  ],
  ['a text that is too long', new File(['x'.repeat(MAX_TEXT_FILE_BYTES + 1)], 'a.log'), noPicture, /a text can have 256 kB/],
  ['an archive', new File([new Uint8Array([0x50, 0x4B, 3, 4, 0])], 'a.zip'), noPicture, /neither a picture nor a text/],
  ['text that is not UTF-8', new File([new Uint8Array([0x47, 0xFC])], 'a.txt'), noPicture, /UTF-8/],
])('%s is refused with advice', async (_, file, redraw, problem) => {
  expect(await prepareFile(file, redraw)).toEqual({ ok: false, problem: expect.stringMatching(problem) })
})

test('files with the same bytes have the same id', async () => {
  const ids = await Promise.all(['a.txt', 'b.txt'].map(name => prepareFile(new File(['same'], name), noPicture)))
  expect(new Set(ids.map(one => one.ok && one.file.id)).size).toBe(1)
})
