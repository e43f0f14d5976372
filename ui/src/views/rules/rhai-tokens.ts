import type { StringStream } from '@codemirror/language'

/*
 * A reader of Rhai, line by line: only as much of the language as colours need. Template strings nest, so what is
 * open is a stack; everything else is told from the characters at hand.
 */

/** What a stretch of text is. `null` is plain punctuation or space. */
export type Token =
  | 'comment' | 'doc' | 'keyword' | 'atom' | 'text' | 'escape' | 'number' | 'function' | 'define' | 'field'
  | 'constant' | 'variable' | 'operator' | 'bracket' | 'invalid' | null

/** What is open at the start of a line. */
export interface State {
  /** Template strings around here: the braces open inside each one's `${}`; -1 while in its text. */
  templates: number[]
  /** Depth of block comments, which nest in Rhai. */
  comment: number
  /** A text that goes on after a backslash at the line's end. */
  quote: boolean
  /** Raw text: the number of `#` that end it; 0 outside. */
  raw: number
  /** Open brackets, for indentation. */
  depth: number
  /** The last word or sign before here: tells fields and definitions. */
  before: string
}

const KEYWORDS = new Set(
  ('let const if else switch do while until loop for in fn private return break continue throw try catch import ' +
    'export as global this is shared goto match case static sync async await yield default void null nil go spawn ' +
    'thread with protected public new use module package var').split(' '),
)
const ATOMS = new Set(['true', 'false'])
const WORD = /^[\p{L}_][\p{L}\p{N}_]*/u
const NUMBER = /^(?:0x[\da-f_]+|0o[0-7_]+|0b[01_]+|\d[\d_]*(?:\.(?!\.)(?![\p{L}_])[\d_]*)?(?:e[+-]?\d+)?)/iu
const OPERATOR = /^(?:\?\.|\?\?|\.\.=?|<<=?|>>=?|\*\*=?|&&|\|\||[=!<>+\-*/%&|^]=|=>|::|[=!<>+\-*/%&|^~?:])/

/** Nothing open. */
export function start(): State {
  return { templates: [], comment: 0, quote: false, raw: 0, depth: 0, before: '' }
}

/** A copy that can go its own way. */
export function copy(state: State): State {
  return { ...state, templates: [...state.templates] }
}

function blockComment(stream: StringStream, state: State): Token {
  while (!stream.eol()) {
    if (stream.match('/*')) state.comment += 1
    else if (stream.match('*/')) {
      state.comment -= 1
      if (state.comment === 0) break
    } else stream.next()
  }
  return 'comment'
}

function quoted(stream: StringStream, state: State): Token {
  state.quote = true
  while (!stream.eol()) {
    if (stream.eat('\\')) {
      stream.next()
    } else if (stream.next() === '"') {
      state.quote = false
      return 'text'
    }
  }
  // Only a backslash at the end carries a text over to the next line.
  state.quote = stream.string.endsWith('\\')
  return state.quote ? 'text' : 'invalid'
}

function rawText(stream: StringStream, state: State): Token {
  const end = `"${'#'.repeat(state.raw)}`
  while (!stream.eol()) {
    if (stream.match(end)) {
      state.raw = 0
      break
    }
    stream.next()
  }
  return 'text'
}

function templateText(stream: StringStream, state: State): Token {
  const top = state.templates.length - 1
  if (stream.match('${')) {
    state.templates[top] = 0
    return 'bracket'
  }
  while (!stream.eol()) {
    if (stream.match('${', false)) return 'text'
    if (stream.eat('\\')) stream.next()
    else if (stream.next() === '`') {
      state.templates.pop()
      return 'text'
    }
  }
  return 'text'
}

function word(stream: StringStream, state: State, text: string): Token {
  const before = state.before
  const called = /^\s*\(/.test(stream.string.slice(stream.pos))
  // Words of the language name no field: a chain left open above does not colour the next statement.
  if (ATOMS.has(text)) return 'atom'
  if (KEYWORDS.has(text)) return 'keyword'
  if (before === '.' || before === '?.') return called ? 'function' : 'field'
  if (before === 'fn') return 'define'
  if (called) return 'function'
  return /^[A-Z][A-Z0-9_]*$/.test(text) ? 'constant' : 'variable'
}

function bracket(state: State, sign: string): Token {
  const top = state.templates.length - 1
  if (sign === '{' && top >= 0) state.templates[top] = (state.templates[top] ?? 0) + 1
  if (sign === '}' && top >= 0) {
    if (state.templates[top] === 0) {
      state.templates[top] = -1
      return 'bracket'
    }
    state.templates[top] = (state.templates[top] ?? 1) - 1
  }
  state.depth = '([{'.includes(sign) ? state.depth + 1 : Math.max(0, state.depth - 1)
  return 'bracket'
}

function opened(stream: StringStream, state: State): Token | undefined {
  if (stream.match('/*')) {
    state.comment = 1
    return blockComment(stream, state)
  }
  if (stream.match('//')) {
    const doc = stream.eat('!') !== undefined || stream.eat('/') !== undefined
    stream.skipToEnd()
    return doc ? 'doc' : 'comment'
  }
  if (stream.eat('"')) return quoted(stream, state)
  const raw = stream.match(/^#+"/) as RegExpMatchArray | null
  if (raw) {
    state.raw = raw[0].length - 1
    return rawText(stream, state)
  }
  if (stream.eat('`')) {
    state.templates.push(-1)
    return templateText(stream, state) ?? 'text'
  }
  return undefined
}

/** Reads one token, moving `stream` past it. */
export function token(stream: StringStream, state: State): Token {
  if (state.comment > 0) return blockComment(stream, state)
  if (state.raw > 0) return rawText(stream, state)
  if (state.quote) return quoted(stream, state)
  if (state.templates.at(-1) === -1) return templateText(stream, state)
  if (stream.eatSpace()) return null
  const open = opened(stream, state)
  if (open !== undefined) {
    if (open !== 'comment' && open !== 'doc') state.before = 'text'
    return open
  }
  const number = stream.match(NUMBER) as RegExpMatchArray | null
  if (number) {
    state.before = 'number'
    return 'number'
  }
  const name = stream.match(WORD) as RegExpMatchArray | null
  if (name) {
    const kind = word(stream, state, name[0])
    state.before = name[0]
    return kind
  }
  if (stream.match(/^'(?:\\.[^']*|[^'\\])'/u)) return 'text'
  const sign = stream.match(OPERATOR) as RegExpMatchArray | null
  if (sign) {
    state.before = sign[0]
    return 'operator'
  }
  const next = stream.next() ?? ''
  state.before = next
  return '()[]{}'.includes(next) ? bracket(state, next) : null
}
