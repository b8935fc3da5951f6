/** A rate limit of the caller, and what is left of it. */
export interface RateLimit {
  readonly name: string;
  readonly limit: number;
  readonly windowSeconds: number;
  readonly left: number;
  readonly unit: 'requests' | 'tokens';
}

/** Reads the limits from the headers of an answer: `"default";q=60;w=60` and `"default";r=59;t=60`. */
export function rateLimitsOf(headers: Headers): readonly RateLimit[] {
  const states = new Map(itemsOf(headers.get('ratelimit')).map((item) => [item.name, item.values]));
  return itemsOf(headers.get('ratelimit-policy')).map(({ name, values }) => ({
    name,
    limit: Number(values.get('q')),
    windowSeconds: Number(values.get('w')),
    left: Number(states.get(name)?.get('r') ?? values.get('q')),
    unit: values.get('qu') === 'tokens' ? 'tokens' : 'requests',
  }));
}

function itemsOf(header: string | null) {
  return (header ?? '').split(',').flatMap((item) => {
    const [name = '', ...pairs] = item.trim().split(';');
    const values = new Map(
      pairs.map((pair) => [pair.split('=')[0]?.trim() ?? '', pair.split('=')[1]?.replaceAll('"', '') ?? '']),
    );
    return name === '' ? [] : [{ name: name.replaceAll('"', ''), values }];
  });
}
