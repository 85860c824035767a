import type { ModelBlock, ToolCall } from '../model/model.ts'
import type { ToolResult } from '../tools/run-tool.ts'

/** Identifies a call: the model's own id is unique only within one reply. */
export interface CallPlace { turn: string, round: number, call: string }

export function callsOf(content: readonly ModelBlock[]): ToolCall[] {
  return content.filter(block => block.kind === 'tool-call')
}

export function readResult(sql: SqlStorage, place: CallPlace): ToolResult | null {
  const [row] = sql.exec<{ result: string, is_error: number }>(
    'SELECT result, is_error FROM tool_calls WHERE id = ?',
    rowId(place),
  )
  return row ? { text: row.result, isError: row.is_error === 1 } : null
}

export function recordResult(sql: SqlStorage, place: CallPlace, { text, isError }: ToolResult): void {
  sql.exec(
    'INSERT INTO tool_calls (id, turn, result, is_error) VALUES (?, ?, ?, ?)',
    rowId(place),
    place.turn,
    text,
    isError ? 1 : 0,
  )
}

function rowId({ turn, round, call }: CallPlace): string {
  return `${turn}/${round}/${call}`
}
