import type { Micros } from '../model/time.ts'
import { peaks, type SlotUse, slotTime } from './slot-use.ts'

const HOUR: Micros = 3_600_000_000

/** What a run's slots cost, in slot-hours; times the price of one, in money. */
export interface RunCost {
  /** Slots that did work. */
  readonly used: number
  /** All slots held from start to end, paid for in whole intervals. */
  readonly fixed: number
  /** In every interval as many slots as its busiest instant needs, paid for the whole interval. Never more than `fixed`. */
  readonly scaled: number
}

/** `interval`: how often slots can be added or given back; at least 1 µs. */
export function runCost(use: SlotUse, slots: number, interval: Micros): RunCost {
  const needed = peaks(use, interval)
  const scaled = needed.reduce((sum, peak) => sum + peak, 0)
  const hours = interval / HOUR
  return { used: slotTime(use) / HOUR, fixed: slots * needed.length * hours, scaled: scaled * hours }
}

/** An amount of money for people: "0.42 EUR", "0.0031 EUR", "12.50 EUR", "1,250 EUR". */
export function moneyText(amount: number, currency: string): string {
  const small = amount !== 0 && Math.abs(amount) < 0.1
  const text = small
    ? String(Number(amount.toPrecision(2)))
    : amount.toLocaleString('en-US', places(Math.abs(amount) >= 1000 || amount === 0 ? 0 : 2))
  return `${text} ${currency}`
}

function places(digits: number): Intl.NumberFormatOptions {
  return { minimumFractionDigits: digits, maximumFractionDigits: digits }
}
