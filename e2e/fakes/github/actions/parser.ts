import { registerHooks } from 'node:module'

// The parser imports its schema as JSON without the attribute Node asks for, as only bundlers accept it.
registerHooks({
  load: (url, context, next) => next(url, /\/@actions\/workflow-parser\/.*\.json$/.test(url) ? { ...context, importAttributes: { type: 'json' } } : context),
})

/** GitHub's own workflow parser. */
export const parser = await import('@actions/workflow-parser')
