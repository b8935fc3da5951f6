/** A shorter part of a name says too little. */
const MIN_PART = 4;

/**
 * Returns the path of the option that a user probably meant, or undefined.
 *
 * @param name the unknown name.
 * @param paths the known paths, such as `rateLimit.requests`. The first of those that are equally near counts.
 */
export function nearestName(name: string, paths: readonly string[]): string | undefined {
  let best: string | undefined;
  let least = Infinity;
  for (const path of paths) {
    const known = path.slice(path.lastIndexOf('.') + 1);
    const distance = distanceOf(name.toLowerCase(), known.toLowerCase());
    if (distance < least) [best, least] = [path, distance];
  }
  return best;
}

/** Infinity if the names are not similar. */
function distanceOf(name: string, known: string): number {
  if (name !== known && (isPart(name, known) || isPart(known, name))) return 1;
  const edits = Math.min(editsBetween(name, known), editsBetween(name, known.slice(0, name.length)));
  return edits <= Math.max(1, Math.floor(name.length / 3)) ? edits : Infinity;
}

function isPart(short: string, long: string): boolean {
  return short.length >= MIN_PART && (long.startsWith(short) || long.endsWith(short));
}

/** The Levenshtein distance. */
function editsBetween(one: string, other: string): number {
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of Array.from(one).entries()) {
    const next = [index + 1];
    for (const [at, twin] of Array.from(other).entries()) {
      const [left = 0, above = 0, diagonal = 0] = [next[at], row[at + 1], row[at]];
      next.push(Math.min(left + 1, above + 1, diagonal + (letter === twin ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
