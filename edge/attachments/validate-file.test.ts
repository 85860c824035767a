import type { Attachment } from '#shared/model/attachment.ts'
import { expect, test } from 'vitest'
import { announce, JPEG, PNG, utf8 } from './testing/files.ts'
import { validateFile } from './validate-file.ts'

const text = { kind: 'text' } as const
const HTML = utf8('<!doctype html><script>alert(1)</script>')
const SVG = utf8('<svg xmlns="http://www.w3.org/2000/svg" width="4" height="3"><script>alert(1)</script></svg>')
const GIF = utf8('GIF89a\x04\0\x03\0\x80\0\0\0\0\0\xFF\xFF\xFF;')

test.each<[string, Uint8Array, Partial<Attachment>, string]>([
  ['a PNG', PNG, {}, 'keep'],
  ['a JPEG', JPEG, {}, 'keep'],
  ['text in any script', utf8('Grüße, 漢字 😀\n\t\u001B[31mred\u001B[0m'), text, 'keep'],
  ['the source of a page, as text', HTML, text, 'keep'],
  ['a PNG that is called a text', PNG, { ...text, name: 'photo.txt' }, 'refuse'],
  ['a PNG that is called a JPEG', PNG, { mime: 'image/jpeg' }, 'refuse'],
  ['a page that is called a PNG', HTML, { name: 'page.png' }, 'refuse'],
  ['a drawing with a script in it', SVG, {}, 'refuse'],
  ['a GIF', GIF, {}, 'refuse'],
  ['a PDF', utf8('%PDF-1.7\n'), {}, 'refuse'],
  ['a PNG that is cut', PNG.slice(0, -1), {}, 'refuse'],
  ['a JPEG that is cut', JPEG.slice(0, -2), { mime: 'image/jpeg' }, 'refuse'],
  ['nothing but the beginning of a PNG', PNG.slice(0, 8), {}, 'refuse'],
  ['a page behind a PNG', joined(PNG, HTML), {}, 'refuse'],
  ['a page behind a JPEG', joined(JPEG, HTML), { mime: 'image/jpeg' }, 'refuse'],
  ['a PNG larger than it says', PNG, { width: 3 }, 'refuse'],
  ['a PNG longer than it says', PNG, { size: 5 }, 'refuse'],
  ['text that is no UTF-8', new Uint8Array([0x47, 0x72, 0xFC, 0xDF, 0x65]), text, 'refuse'],
  ['a program', utf8('\x7FELF\0\0\0'), text, 'refuse'],
  ['other bytes', PNG, { id: '0'.repeat(64) }, 'ask-again'],
  ['no bytes', new Uint8Array(), { id: '0'.repeat(64) }, 'ask-again'],
])('%s', async (_, bytes, about, verdict) => {
  expect((await validateFile(bytes, await announce(bytes, about))).do).toBe(verdict)
})

function joined(...parts: Uint8Array[]): Uint8Array {
  return new Uint8Array(parts.flatMap(part => [...part]))
}
