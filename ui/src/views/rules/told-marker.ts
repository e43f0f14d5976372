// What stands in a margin of the editor, with a tooltip that says more.
import { GutterMarker } from '@codemirror/view'
import { tip } from '../../lib/tip.svelte'

/** Draws a line's marker; two that say the same are the same. */
export abstract class ToldMarker<Line extends { tip: readonly string[] }> extends GutterMarker {
  #ends = new WeakMap<Node, () => void>()

  constructor(readonly line: Line) {
    super()
  }

  protected abstract draw(): HTMLElement

  override eq(other: ToldMarker<Line>): boolean {
    return JSON.stringify(this.line) === JSON.stringify(other.line)
  }

  override toDOM(): Node {
    const box = this.draw()
    const end = tip(this.line.tip)(box)
    if (end) this.#ends.set(box, end)
    return box
  }

  override destroy(dom: Node): void {
    this.#ends.get(dom)?.()
  }
}
