import { type ClockDifference, type Finding, found } from './finding.js';

/** Tokens, webhooks and the claims of replicas allow little more. */
const MOST_MS = 5000;

/** Compares the clock of this machine with the others that were seen. */
export function checkClock(differences: readonly ClockDifference[]): Finding {
  const [worst] = differences.toSorted((one, other) => Math.abs(other.aheadMs) - Math.abs(one.aheadMs));
  if (worst === undefined) return found('ok', 'Clock', `${new Date().toISOString()}; no other clock was seen.`);
  const seconds = Math.abs(worst.aheadMs) / 1000;
  if (seconds * 1000 <= MOST_MS) return found('ok', 'Clock', `${new Date().toISOString()}, as at ${worst.other}.`);
  const direction = worst.aheadMs > 0 ? 'ahead of' : 'behind';
  const text = `The clock is ${Math.round(seconds)} s ${direction} that of ${worst.other}.`;
  return found('fault', 'Clock', text, 'Set the clocks by NTP on both machines: timedatectl set-ntp true');
}
