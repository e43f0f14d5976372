/** `12 ms`, `0.3 s`, `6 s`. */
export function took(millis: number): string {
  if (millis < 100) return `${Math.round(millis)} ms`
  return millis < 950 ? `${(millis / 1000).toFixed(1)} s` : `${Math.round(millis / 1000)} s`
}
