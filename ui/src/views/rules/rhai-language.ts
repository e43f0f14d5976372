import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'
import { copy, start, token, type State } from './rhai-tokens'

/** Rhai for CodeMirror: colours, brackets, comments and indentation. */
export const rhai = StreamLanguage.define<State>({
  name: 'rhai',
  startState: start,
  copyState: copy,
  token,
  indent(state, after, context) {
    const closes = /^\s*[)\]}]/.test(after) ? 1 : 0
    return Math.max(0, state.depth - closes) * context.unit
  },
  languageData: {
    commentTokens: { line: '//', block: { open: '/*', close: '*/' } },
    closeBrackets: { brackets: ['(', '[', '{', '"', '`'] },
    indentOnInput: /^\s*[)\]}]$/,
  },
  tokenTable: {
    comment: tags.lineComment,
    doc: tags.docComment,
    keyword: tags.keyword,
    atom: tags.bool,
    text: tags.string,
    escape: tags.escape,
    number: tags.number,
    function: tags.function(tags.variableName),
    define: tags.function(tags.definition(tags.variableName)),
    field: tags.propertyName,
    constant: tags.constant(tags.variableName),
    variable: tags.variableName,
    operator: tags.operator,
    bracket: tags.bracket,
    invalid: tags.invalid,
  },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: [tags.number, tags.bool], color: 'var(--code-number)' },
  { tag: tags.function(tags.variableName), color: 'var(--code-function)' },
  { tag: tags.propertyName, color: 'var(--code-field)' },
  { tag: tags.constant(tags.variableName), color: 'var(--code-constant)' },
  { tag: [tags.lineComment, tags.docComment], color: 'var(--code-comment)' },
  { tag: tags.invalid, color: 'var(--critical)' },
])

/** The language with its colours, which follow the theme by themselves. */
export function rhaiSupport(): LanguageSupport {
  return new LanguageSupport(rhai, syntaxHighlighting(colours))
}
