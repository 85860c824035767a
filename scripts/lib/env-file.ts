/** The text of a `.env` file with a variable set, in the place where it was. Everything else stays as it is. */
export function withVariable(text: string, name: string, value: string): string {
  const line = `${name}=${value}`
  const lines = text.split('\n')
  const at = lines.findIndex(each => new RegExp(`^\\s*(?:export\\s+)?${name}\\s*=`).test(each))
  if (at >= 0)
    return lines.with(at, line).join('\n')
  return `${text}${text === '' || text.endsWith('\n') ? '' : '\n'}${line}\n`
}
