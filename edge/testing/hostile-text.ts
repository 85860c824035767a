import { parseRepository } from '#shared/model/repository.ts'
import { createPartsJoiner } from '#shared/protocol/parts.ts'
import { createRedactor } from '#shared/text/redact.ts'
import { readShortCode } from '../pairing/short-code.ts'
import { parseRunnerFrame } from '../runner-connection/parse-runner-frame.ts'
import { readLiveFrame } from '../sync/read-live-frame.ts'

/** A careless pattern takes very long on repetitions of its first characters. */
export const HOSTILE_SEEDS = ['/', '@', '-', '.', 'a', 'https://', 'git@', '"', '\\', '[', '{"a":', 'a/', '`', '> ', '\n', '<!--', '%', '😀']

/** The functions of the edge that read text of strangers. `npm run bench:readers` measures their time. */
export const TEXT_READERS: Record<string, (text: string) => unknown> = {
  'a repository': parseRepository,
  'a short code': readShortCode,
  'a frame of a runner': text => parseRunnerFrame(text, createPartsJoiner(1000)),
  'a frame of a device': text => readLiveFrame(text, createPartsJoiner(1000)),
  'a text to redact': createRedactor([]),
}
