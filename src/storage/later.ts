/**
 * The result of a write whose last statement may not be answered yet. The next write of its group need not wait for the
 * answer; the commit does.
 */
export class Later<T> {
  constructor(readonly answer: Promise<T>) {
    // The transaction fails for the same reason.
    answer.catch(() => undefined);
  }
}
