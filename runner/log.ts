import type { DestinationStream, Logger } from 'pino'
import type { Config } from './config/config.ts'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import { createRedactor } from '#shared/text/redact.ts'

/**
 * One line each: readable in a terminal, JSON for machines. Written at once, so that a killed
 * runner has said what it did. An error may quote what it choked on, so no line leaves as it is.
 */
export function createLog(
  { level, pretty: readable }: Config['log'],
  secrets: readonly string[],
  out: DestinationStream = destination(readable),
): Logger {
  const redact = createRedactor(secrets)
  return pino({ level, base: null }, { write: line => out.write(redact(line)) })
}

function destination(readable: boolean): DestinationStream {
  return readable
    ? pretty({ sync: true, singleLine: true, translateTime: 'SYS:HH:MM:ss', hideObject: false })
    : pino.destination({ sync: true })
}

/** What this runner was told and must never say. */
export function secretsOf({
  runnerToken,
  github,
  claude,
}: Pick<Config, 'runnerToken' | 'github' | 'claude'>): string[] {
  return [runnerToken, github.token, github.app?.privateKey ?? null, claude.apiKey, claude.oauthToken].filter(
    secret => secret !== null,
  )
}
