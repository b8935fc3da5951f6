/** The finding of a check. Never contains a secret. */
export interface Finding {
  readonly subject: string;
  /** A fault keeps the service from working. */
  readonly state: 'ok' | 'warning' | 'fault';
  readonly text: string;
  /** Says what to do. */
  readonly advice?: string | undefined;
}

/** Findings, and how far the own clock is ahead of that of another machine. */
export interface Measured {
  readonly findings: readonly Finding[];
  readonly clock?: ClockDifference | undefined;
}

export interface ClockDifference {
  readonly other: string;
  readonly aheadMs: number;
}

const MARKS = { ok: '✔', warning: '!', fault: '✖' } as const;

export function found(state: Finding['state'], subject: string, text: string, advice?: string): Finding {
  return { subject, state, text, advice };
}

/** The findings as lines, each with what to do below it. */
export function report(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ subject }) => subject.length));
  const lines = findings.flatMap(({ subject, state, text, advice }) => [
    `${MARKS[state]} ${subject.padEnd(width)}  ${text}`,
    ...(advice === undefined ? [] : [`  ${' '.repeat(width)}  → ${advice}`]),
  ]);
  const faults = findings.filter(({ state }) => state === 'fault').length;
  return [...lines, '', faults === 0 ? 'Nothing is wrong.' : `${faults} to mend.`].join('\n');
}

/** The exit code of the findings. */
export function exitCodeOf(findings: readonly Finding[]): number {
  return findings.some(({ state }) => state === 'fault') ? 1 : 0;
}

/** The reason of a failure of a connection. Node puts the reasons of several addresses side by side. */
export function reasonOf(failure: unknown): string {
  if (failure instanceof AggregateError && failure.message === '') return reasonOf(failure.errors[0]);
  if (!(failure instanceof Error)) return String(failure);
  return failure.cause instanceof Error ? reasonOf(failure.cause) : failure.message;
}

export function codeOf(failure: unknown): string | undefined {
  if (failure instanceof AggregateError) return codeOf(failure.errors[0]);
  if (!(failure instanceof Error)) return undefined;
  if ('code' in failure && typeof failure.code === 'string') return failure.code;
  return codeOf(failure.cause);
}
