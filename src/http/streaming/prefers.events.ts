/** Returns true if the `Accept` header prefers events to JSON. Wildcard ranges do not count. */
export function prefersEvents(accept = ''): boolean {
  const weights = new Map(accept.toLowerCase().split(',').map(parseWeight));
  const events = weights.get('text/event-stream') ?? 0;
  return events > 0 && events > (weights.get('application/json') ?? 0);
}

function parseWeight(range: string): [string, number] {
  const [type = '', ...parameters] = range.split(';').map((part) => part.trim());
  const weight = Number(parameters.find((each) => each.startsWith('q='))?.slice('q='.length) ?? 1);
  return [type, Number.isNaN(weight) ? 1 : weight];
}
