import { EditorView } from '@codemirror/view'

/** The editor in the window's own tokens: it changes with the theme by itself. */
export const editorTheme = EditorView.theme({
  '&': { backgroundColor: 'var(--pane)', color: 'var(--ink)', font: 'var(--t-code)' },
  // Not the box for what floats, which lies in the body and would make the page twice as high.
  '&.cm-editor': { height: '100%' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { font: 'inherit', fontVariantLigatures: 'none', fontFeatureSettings: '"calt" 0, "liga" 0' },
  '.cm-content': { padding: '0.5rem 0', caretColor: 'var(--ink)', userSelect: 'text', WebkitUserSelect: 'text' },
  '.cm-line': { padding: '0 1rem 0 0.25rem' },
  '.cm-cursor': { borderLeft: '2px solid var(--ink)' },
  '.cm-gutters': { backgroundColor: 'var(--pane)', color: 'var(--ink-3)', border: 'none' },
  '.cm-lineNumbers .cm-gutterElement': { minWidth: '2.25rem', padding: '0 0.375rem 0 0.5rem' },
  '.cm-activeLine': { backgroundColor: 'var(--sunken)' },
  '.cm-activeLineGutter': { backgroundColor: 'var(--sunken)', color: 'var(--ink-2)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    backgroundColor: 'color-mix(in srgb, var(--here) 24%, transparent) !important',
  },
  '&.cm-focused .cm-matchingBracket': { backgroundColor: 'var(--raised)', outline: '1px solid var(--control)' },
  '&.cm-focused .cm-nonmatchingBracket': { backgroundColor: 'var(--critical-tint)' },
  '.cm-searchMatch': { backgroundColor: 'var(--here-tint)' },
  '.cm-searchMatch-selected': { outline: '1px solid var(--here)' },

  '.cm-changed-gutter': { width: '2px', padding: '0' },
  '.cm-changed': { backgroundColor: 'var(--here)' },

  '.cm-lintRange': { backgroundImage: 'none', paddingBottom: '1px' },
  // In parts: WebKit reads no shorthand of these.
  '.cm-lintRange-error, .cm-lintRange-warning': {
    textDecorationLine: 'underline', textDecorationStyle: 'wavy', textDecorationThickness: '1px', textUnderlineOffset: '3px',
  },
  '.cm-lintRange-error': { textDecorationColor: 'var(--critical-mark)' },
  '.cm-lintRange-warning': { textDecorationColor: 'var(--warning-mark)' },
  '.cm-lintPoint-error:after': { borderBottomColor: 'var(--critical-mark)' },
  '.cm-lintPoint-warning:after': { borderBottomColor: 'var(--warning-mark)' },
  '.cm-lintRange-active': { backgroundColor: 'transparent' },
  '.cm-diagnostic': { borderLeft: 'none', padding: '0.5rem 0.75rem', maxWidth: '28rem', whiteSpace: 'normal' },
  '.cm-diagnosticSource': { display: 'none' },

  '.cm-tooltip': {
    backgroundColor: 'var(--overlay)', color: 'var(--ink)', border: '1px solid var(--line-strong)',
    borderRadius: 'var(--r-popup)', boxShadow: 'var(--shadow)', font: 'var(--t-12)',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': { font: 'var(--t-code)', maxHeight: '13rem', padding: '0.25rem' },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex', gap: '0.75rem', padding: '0.125rem 0.5rem', borderRadius: 'var(--r-chip)', lineHeight: '1.25rem',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li[aria-selected]': {
    backgroundColor: 'var(--here-tint)', color: 'var(--ink)',
  },
  '.cm-completionIcon': { display: 'none' },
  '.cm-completionLabel': { flex: '1' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '700' },
  '.cm-completionDetail': { font: 'var(--t-11)', lineHeight: '1.25rem', fontStyle: 'normal', color: 'var(--ink-3)', marginLeft: '0' },
  '.cm-tooltip.cm-completionInfo': { padding: '0.5rem 0.75rem', maxWidth: '20rem', userSelect: 'text' },
  '.cm-hover-card': { padding: '0.5rem 0.75rem', maxWidth: '24rem', userSelect: 'text', overflowWrap: 'anywhere' },
  '.card-head': { font: 'var(--t-code)', fontWeight: '600' },
  '.card-text': { color: 'var(--ink-2)', marginTop: '0.25rem' },
  '.card-example': { font: 'var(--t-bytes)', color: 'var(--ink-2)', marginTop: '0.5rem' },

  '.card-seen': { marginTop: '0.5rem' },
  '.card-seen-head': { fontWeight: '600', color: 'var(--ink-2)', marginBottom: '0.125rem' },
  '.card-seen-line': {
    display: 'grid', gridTemplateColumns: 'minmax(0, 1fr) 4rem 3.5rem', columnGap: '0.5rem', alignItems: 'center',
    font: 'var(--t-bytes)', color: 'var(--ink)',
  },
  '.card-seen-line bdi': { overflow: 'hidden', textOverflow: 'ellipsis', whiteSpace: 'nowrap' },
  '.card-seen-line > :last-child': { textAlign: 'right', color: 'var(--ink-3)' },
  '.card-seen-bar span': { display: 'block', height: '3px', borderRadius: '1px', backgroundColor: 'var(--ink-2)' },

  '.cm-panels': { backgroundColor: 'var(--canvas)', color: 'var(--ink)', font: 'var(--t-12)' },
  '.cm-panels.cm-panels-bottom': { borderTop: '1px solid var(--line)' },
  '.cm-textfield': {
    backgroundColor: 'var(--sunken)', border: '1px solid var(--control)', borderRadius: 'var(--r-button)', font: 'var(--t-12)',
  },
  '.cm-button': {
    backgroundImage: 'none', backgroundColor: 'transparent', border: '1px solid var(--line-strong)',
    borderRadius: 'var(--r-button)', color: 'var(--ink)', font: 'var(--t-12)',
  },
})
