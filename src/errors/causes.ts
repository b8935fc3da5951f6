/** Returns a failure and its chain of causes, outermost first. */
export function causesOf(failure: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  for (let next = failure; next !== undefined && !causes.includes(next); next = causeOf(next)) causes.push(next);
  return causes;
}

function causeOf(failure: unknown): unknown {
  return typeof failure === 'object' && failure !== null && 'cause' in failure ? failure.cause : undefined;
}
