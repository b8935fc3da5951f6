/** The seconds of a run's beginning. Its id begins with the time, so that all replicas show the same one. */
export function createdAtOf(runId: string): number {
  const epochMs = Number.parseInt(runId.replace('-', '').slice(0, 12), 16);
  return Number.isNaN(epochMs) ? 0 : toSeconds(epochMs);
}

export function toSeconds(epochMs: number): number {
  return Math.floor(epochMs / 1000);
}
