/** As people say it: 512 bytes, 12 kB, 3.5 MB. */
export function fileSize(bytes: number): string {
  if (bytes < 1_000)
    return `${bytes} bytes`
  return bytes < 1_000_000 ? `${Math.round(bytes / 1_000)} kB` : `${Number((bytes / 1_000_000).toFixed(1))} MB`
}
