import { HighlightStyle, LanguageSupport, StreamLanguage, syntaxHighlighting } from '@codemirror/language'
import { tags } from '@lezer/highlight'

/** Cases are TOML: enough of it to tell keys, texts, numbers and comments apart. */
const toml = StreamLanguage.define<null>({
  name: 'toml',
  startState: () => null,
  token(stream) {
    if (stream.eatSpace()) return null
    if (stream.match(/^#.*/)) return 'comment'
    if (stream.sol() && stream.match(/^\[\[?[^\]]*\]\]?/)) return 'keyword'
    if (stream.match(/^"(?:[^"\\]|\\.)*"?/) || stream.match(/^'[^']*'?/)) return 'string'
    if (stream.match(/^(?:true|false)\b/) || stream.match(/^[+-]?\d[\w:.+-]*/)) return 'number'
    if (stream.match(/^[\w-]+(?=\s*=)/)) return 'propertyName'
    stream.next()
    return null
  },
  languageData: { commentTokens: { line: '#' }, closeBrackets: { brackets: ['(', '[', '{', '"'] } },
})

const colours = HighlightStyle.define([
  { tag: tags.keyword, color: 'var(--code-keyword)', fontWeight: '600' },
  { tag: tags.string, color: 'var(--code-text)' },
  { tag: tags.number, color: 'var(--code-number)' },
  { tag: tags.propertyName, color: 'var(--code-field)' },
  { tag: tags.comment, color: 'var(--code-comment)' },
])

/** The language with its colours. */
export const tomlSupport = (): LanguageSupport => new LanguageSupport(toml, syntaxHighlighting(colours))
