/** The same wait or up to a quarter longer: callers with the same wait must not retry together. */
export function withJitter(ms: number): number {
  return Math.ceil(ms * (1 + Math.random() / 4));
}
