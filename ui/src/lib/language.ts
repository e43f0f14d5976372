// On a system without a language (`LANG=C`) the web view says that its language is "C", which is no language tag: what
// asks Intl by it, as uPlot does when it is loaded, would stop the whole window. To be imported before such things.
try {
  new Intl.NumberFormat(navigator.language)
} catch {
  Object.defineProperty(navigator, 'language', { value: 'en-GB', configurable: true })
}

export {}
