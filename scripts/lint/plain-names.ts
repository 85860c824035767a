import type { Rule, Scope } from 'eslint'
import type * as ESTree from 'estree'
import { basename } from 'node:path'
import { findPrivateWord } from './private-words.ts'

/** Refuses private words in file names and in the names that a file declares; imported names are left alone. */
export const plainNames: Rule.RuleModule = {
  meta: {
    type: 'suggestion',
    schema: [],
    messages: { private: '"{{name}}" has the private word "{{word}}": say {{instead}} (docs/glossary.md).' },
  },
  create(context) {
    function check(name: string, node: ESTree.Node): void {
      const found = findPrivateWord(name)
      if (found)
        context.report({ node, messageId: 'private', data: { name, ...found } })
    }

    /** Keys of types, classes and objects declare a name too, unless they are computed. */
    function checkKey(node: Rule.Node): void {
      const { key, computed, shorthand } = node as unknown as {
        key: { type: string, name?: string, value?: unknown }
        computed?: boolean
        shorthand?: boolean
      }
      if (computed || shorthand)
        return
      const name = key.type === 'Identifier' || key.type === 'PrivateIdentifier' ? key.name : key.value
      // A key with a space is a label for people, not a name.
      if (typeof name === 'string' && !name.includes(' '))
        check(name, node)
    }

    function checkScope(scope: Scope.Scope): void {
      for (const variable of scope.variables) {
        const [declaration] = variable.defs
        // An imported name is checked in the file that declares it, if that file is ours.
        if (declaration && declaration.type !== 'ImportBinding')
          check(variable.name, declaration.name)
      }
      scope.childScopes.forEach(checkScope)
    }

    return {
      'Program': (node) => {
        check(basename(context.filename), node)
        const { scopeManager } = context.sourceCode
        if (scopeManager.globalScope)
          checkScope(scopeManager.globalScope)
      },
      'TSPropertySignature': checkKey,
      'TSMethodSignature': checkKey,
      'MethodDefinition': checkKey,
      'PropertyDefinition': checkKey,
      'ObjectExpression > Property': checkKey,
    }
  },
}
