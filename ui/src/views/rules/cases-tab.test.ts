import { render, screen } from '@testing-library/svelte'
import { describe, expect, it, vi } from 'vitest'
import { useDoor, type Diagnostic } from '../../host'
import { CaseRuns } from './case-runs.svelte'
import CasesTab from './CasesTab.svelte'
import { Draft } from './drafts.svelte'

const finding = (severity: Diagnostic['severity'], message: string): Diagnostic => ({
  code: 'x', severity, message, help: '', label: '', span: { line: 3, column: 1, end_line: 3, end_column: 2 },
})

async function ran(findings: Diagnostic[], passed: number): Promise<CaseRuns> {
  vi.useFakeTimers()
  const verdicts = Array.from({ length: passed }, (_, i) => ({ name: `case ${i}`, line: i + 1, passed: true, story: [], notes: [] }))
  useDoor({
    call: () => Promise.resolve({ type: 'cases_run', value: { findings, verdicts, reached: [] } }),
    subscribe: () => Promise.resolve(),
  })
  const runs = new CaseRuns()
  runs.follow(new Draft('security/a', '', '[[case]]'))
  await vi.advanceTimersByTimeAsync(500)
  vi.useRealTimers()
  render(CasesTab, { runs, making: '', past: null, some: true, ongo: () => {}, onexpect: () => {}, onnew: () => {}, onhistory: () => {}, onoffer: () => {} })
  return runs
}

describe('findings of the cases', () => {
  it('a warning has its own sign and word, and the cases still pass', async () => {
    const runs = await ran([finding('warning', 'every does nothing without times.')], 2)
    const row = screen.getByText(/every does nothing/).closest('button')
    expect(row?.className).toContain('warning')
    expect(row?.textContent).toContain('Warning.')
    expect(row?.querySelector('.lucide-triangle-alert')).not.toBeNull()
    expect(row?.querySelector('.lucide-circle-x')).toBeNull()
    expect(screen.getByText('All 2 pass')).toBeTruthy()
    expect(runs.failing).toBe(0)
  })

  it('an error has the sign of an error, and none ran', async () => {
    const runs = await ran([finding('error', '"fire" means nothing here.')], 0)
    expect(screen.getByText(/means nothing/).closest('button')?.querySelector('.lucide-circle-x')).not.toBeNull()
    expect(screen.getByText('The cases cannot run')).toBeTruthy()
    expect(runs.failing).toBe(1)
  })
})
