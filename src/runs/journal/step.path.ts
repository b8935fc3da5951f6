/** Compares steps by their numbers: `2.0/1.3` is the fourth call in the first turn of the agent that call `2.0` asked. */
export const BY_INDEX = new Intl.Collator('en', { numeric: true });

/** True for a tool call: `2.0` is a call, `2` and `2.0/1` are turns. */
export function isCall(step: string): boolean {
  return step.slice(step.lastIndexOf('/') + 1).includes('.');
}
