import { data, Evaluator, Lexer, Parser } from '@actions/expressions'

/** How what came before has ended: what `success()`, `failure()` and `cancelled()` answer. */
export interface Outcome { success: boolean, failure: boolean, cancelled: boolean }

export interface ExpressionContext {
  github: Readonly<Record<string, string>>
  env: Readonly<Record<string, string>>
  outcome: Outcome
}

/** Evaluates an expression with GitHub's own evaluator. Throws when it reads a context the fake does not have. */
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

/** A condition, by GitHub's idea of what is true. */
export function isConditionMet(condition: string, context: ExpressionContext): boolean {
  return evaluate(`!!(${condition})`, context).coerceString() === 'true'
}

/** A value from a workflow: the parser has made one whole expression of any that holds one. */
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

function dictionary(values: Readonly<Record<string, string>>): data.Dictionary {
  return new data.Dictionary(...Object.entries(values).map(([key, value]) => ({ key, value: new data.StringData(value) })))
}
