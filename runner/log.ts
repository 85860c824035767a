import type { DestinationStream, Logger } from 'pino'
import type { Config } from './config/config.ts'
import { pino } from 'pino'
import pretty from 'pino-pretty'
import { createRedactor } from '#shared/text/redact.ts'

/**
 * Creates the log: readable lines in a terminal, JSON lines otherwise. It writes synchronously, so that a killed
 * runner has logged its last actions, and redacts each line, because an error may quote a secret.
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

/** The values that the log must never contain. */
export function secretsOf({
  runnerToken,
  github,
  claude,
}: Pick<Config, 'runnerToken' | 'github' | 'claude'>): string[] {
  return [runnerToken, github.token, github.app?.privateKey ?? null, claude.apiKey, claude.oauthToken].filter(
    secret => secret !== null,
  )
}
