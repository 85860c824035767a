import { registerHooks } from 'node:module'

// The parser imports its schema as JSON without the import attribute that Node requires; only bundlers accept that.
registerHooks({
  load: (url, context, next) => next(url, /\/@actions\/workflow-parser\/.*\.json$/.test(url) ? { ...context, importAttributes: { type: 'json' } } : context),
})

/** GitHub's own workflow parser. */
export const parser = await import('@actions/workflow-parser')
