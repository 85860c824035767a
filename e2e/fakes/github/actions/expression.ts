import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** The values of `success()`, `failure()` and `cancelled()`: the result of the previous steps, or of the needed jobs. */
export interface Outcome { success: boolean, failure: boolean, cancelled: boolean }

/** A value of a context, such as `github.event`, which is the payload of the webhook. */
export type ContextValue = string | number | boolean | null | readonly ContextValue[] | { readonly [name: string]: ContextValue }

/** The context `github`. */
export type GitHubContext = Readonly<Record<string, ContextValue>>

export interface ExpressionContext {
  github: GitHubContext
  env: Readonly<Record<string, string>>
  outcome: Outcome
}

/** Evaluates an expression with GitHub's own evaluator. Throws when it reads a context that the fake does not have. */
export function evaluate(expression: string, { github, env, outcome }: ExpressionContext): data.ExpressionData {
  const functions = [
    status('success', outcome.success),
    status('failure', outcome.failure),
    status('cancelled', outcome.cancelled),
    status('always', true),
  ]
  const tree = new Parser(new Lexer(expression).lex().tokens, ['github', 'env', 'runner'], functions).parse()
  const contexts = new data.Dictionary(
    { key: 'github', value: dictionary(github) },
    { key: 'env', value: dictionary(env) },
    { key: 'runner', value: dictionary({ os: 'Linux' }) },
  )
  return new Evaluator(tree, contexts, new Map(functions.map(one => [one.name, one]))).evaluate()
}

/** Evaluates a condition by GitHub's rules of truthiness. */
export function isConditionMet(condition: string, context: ExpressionContext): boolean {
  return evaluate(`!!(${condition})`, context).coerceString() === 'true'
}

/** Evaluates a value from a workflow. The parser has turned text with embedded expressions into one expression. */
export function interpolate(value: string, context: ExpressionContext): string {
  const expression = /^\$\{\{(.*)\}\}$/s.exec(value)?.[1]
  return expression === undefined ? value : evaluate(expression, context).coerceString()
}

export function interpolateAll(values: Readonly<Record<string, string>>, context: ExpressionContext): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, interpolate(value, context)]))
}

function status(name: string, value: boolean) {
  return { name, minArgs: 0, maxArgs: 0, call: () => new data.BooleanData(value) }
}

function dictionary(values: Readonly<Record<string, ContextValue>>): data.Dictionary {
  return new data.Dictionary(...Object.entries(values).map(([key, value]) => ({ key, value: toData(value) })))
}

function toData(value: ContextValue): data.ExpressionData {
  switch (typeof value) {
    case 'string': return new data.StringData(value)
    case 'number': return new data.NumberData(value)
    case 'boolean': return new data.BooleanData(value)
    default:
      if (value === null)
        return new data.Null()
      return isList(value) ? new data.Array(...value.map(toData)) : dictionary(value)
  }
}

function isList(value: object): value is readonly ContextValue[] {
  return Array.isArray(value)
}
