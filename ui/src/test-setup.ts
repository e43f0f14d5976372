// jsdom lacks these; the window uses them to know how much room there is.
class Observer {
  observe(): void {}
  unobserve(): void {}
  disconnect(): void {}
}
globalThis.ResizeObserver ??= Observer as unknown as typeof ResizeObserver
Element.prototype.scrollIntoView ??= function scrollIntoView() {}
Element.prototype.animate ??= function animate() {
  return { cancel() {}, finished: Promise.resolve(), onfinish: null } as unknown as Animation
}
globalThis.matchMedia ??= (media: string) => Object.assign(new EventTarget(), { matches: false, media }) as MediaQueryList
