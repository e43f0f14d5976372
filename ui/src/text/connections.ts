// The words of the charts of Connections.
import { some } from './number'

export const connections = {
  /** Said of the chart of a rate. */
  rateSaid: (now: string, between: readonly string[] | null, deaf: string) =>
    [
      `Events a minute in the last hour: ${now} now`,
      between ? `between ${between[0]} and ${between[1]}` : 'not counted before',
      deaf ? `not listening for ${deaf}` : '',
    ]
      .filter(Boolean)
      .join(', '),
  rateAt: (from: string, to: string, n: number) => `${from} to ${to}: ${some(n, 'event')}`,
  rateHole: (reason: string, from: string, to: string) => `Not listening ${from} to ${to}. ${reason}`,
}
