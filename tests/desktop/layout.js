// What is wrong with how the page is laid out now, a line each: it is larger than its window, something pressed is out of
// reach, words are cut without a sign of it, words lie on words.
const wrong = []
const page = document.documentElement
if (page.scrollWidth > innerWidth || page.scrollHeight > innerHeight) wrong.push(`the page is ${page.scrollWidth} × ${page.scrollHeight}`)
const top = [...document.querySelectorAll('dialog[open]')].at(-1) ?? document.body
const name = (one) => `${one.tagName.toLowerCase()}.${[...one.classList].filter((part) => !part.startsWith('svelte-')).join('.')}`
const said = (one) => `${name(one.parentElement)} > ${name(one)} "${one.textContent.trim().replace(/\s+/g, ' ').slice(0, 40)}"`
const clips = (style) => style.overflowX !== 'visible' || style.overflowY !== 'visible'

/** The part of a box that is not hidden by what holds it; null if nothing is left. */
function seen(box, from) {
  let { left, top, right, bottom } = box
  for (let at = from; at && at !== document.body; at = at.parentElement) {
    const style = getComputedStyle(at)
    if (style.visibility === 'hidden' || Number(style.opacity) === 0) return null
    if (style.clipPath !== 'none') return null
    if (clips(style)) {
      const room = at.getBoundingClientRect()
      left = Math.max(left, room.left)
      right = Math.min(right, room.right)
      top = Math.max(top, room.top)
      bottom = Math.min(bottom, room.bottom)
    }
    if (style.position === 'fixed') break
  }
  left = Math.max(left, 0)
  top = Math.max(top, 0)
  right = Math.min(right, innerWidth)
  bottom = Math.min(bottom, innerHeight)
  return right - left > 1 && bottom - top > 1 ? { left, top, right, bottom } : null
}

// A dialog is as wide as what it says: nothing in it goes on sideways but texts to be written and tables.
for (const one of top.matches('dialog') ? [top, ...top.querySelectorAll('*')] : []) {
  const sideways = /auto|scroll/.test(getComputedStyle(one).overflowX) && one.scrollWidth > one.clientWidth + 1
  if (sideways && !one.closest('textarea, input, pre, .cm-editor, .sideways')) wrong.push(`goes on sideways: ${said(one)}`)
}

for (const one of top.querySelectorAll('button, input, select, textarea, [role=tab], [role=switch]')) {
  const box = one.getBoundingClientRect()
  if (!box.width || !box.height || one.closest('.unseen, [aria-hidden=true]')) continue
  let room = one.parentElement
  while (room && !/auto|scroll/.test(getComputedStyle(room).overflowX + getComputedStyle(room).overflowY)) room = room.parentElement
  if (!room && (box.right > innerWidth + 1 || box.bottom > innerHeight + 1)) wrong.push(`out of reach: ${said(one)}`)
  if (room && room.scrollWidth <= room.clientWidth && box.right > room.getBoundingClientRect().right + 1) wrong.push(`out of reach: ${said(one)}`)
  const hides = one.parentElement.closest('*:not(dialog)')
  if (!room && hides && !seen(box, one.parentElement)) wrong.push(`hidden: ${said(one)}`)
}

const words = []
const walk = document.createTreeWalker(top, NodeFilter.SHOW_TEXT)
for (let node = walk.nextNode(); node; node = walk.nextNode()) {
  const one = node.parentElement
  if (!node.data.trim() || !one || one.closest('svg, .cm-editor, .unseen, option, [hidden], script, style')) continue
  const range = document.createRange()
  range.selectNodeContents(node)
  for (const box of range.getClientRects()) {
    const part = box.width > 1 && seen(box, one)
    if (!part) continue
    words.push({ one, part })
    // Words may end in dots, or be scrolled to; they may not just end.
    const cutX = box.right - part.right > 2 || part.left - box.left > 2
    const cutY = box.bottom - part.bottom > 3 || part.top - box.top > 3
    if (!cutX && !cutY) continue
    let excused = false
    for (let at = one; at && at !== document.body && !excused; at = at.parentElement) {
      const style = getComputedStyle(at)
      const scrollsX = /auto|scroll/.test(style.overflowX)
      const scrollsY = /auto|scroll/.test(style.overflowY)
      excused = (cutX && !cutY && (style.textOverflow === 'ellipsis' || scrollsX)) || (cutY && scrollsY)
    }
    if (!excused) wrong.push(`cut${cutX ? ' across' : ''}${cutY ? ' down' : ''}: ${said(one)}`)
  }
}
for (let i = 0; i < words.length && i < 1500; i++) {
  for (let k = i + 1; k < words.length && k < i + 400; k++) {
    const [a, b] = [words[i], words[k]]
    const across = Math.min(a.part.right, b.part.right) - Math.max(a.part.left, b.part.left)
    const down = Math.min(a.part.bottom, b.part.bottom) - Math.max(a.part.top, b.part.top)
    if (across < 3 || down < 5 || a.one === b.one || a.one.contains(b.one) || b.one.contains(a.one)) continue
    // What floats, or stays while the rest scrolls under it, hides what is below it.
    const hidden = [a, b].some(({ one, part }) => {
      const at = document.elementFromPoint((part.left + part.right) / 2, (part.top + part.bottom) / 2)
      return at && at !== one && !one.contains(at) && !at.contains(one)
    })
    if (!hidden) wrong.push(`on each other: ${said(a.one)} and ${said(b.one)}`)
  }
}
return [...new Set(wrong)].slice(0, 12)
