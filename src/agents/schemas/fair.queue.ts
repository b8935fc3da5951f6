/** A queue of items by caller. Callers take turns, and the items of each keep their order. */
export class FairQueue<T> {
  /** The caller that was served last comes last. */
  readonly #items = new Map<string, Set<T>>();
  #lastServed: string | undefined;

  get size(): number {
    return [...this.#items.values()].reduce((sum, items) => sum + items.size, 0);
  }

  sizeOf(caller: string): number {
    return this.#items.get(caller)?.size ?? 0;
  }

  add(caller: string, item: T): void {
    const items = this.#items.get(caller) ?? new Set();
    this.#items.set(caller, items.add(item));
  }

  delete(caller: string, item: T): void {
    const items = this.#items.get(caller);
    items?.delete(item);
    if (items?.size === 0) this.#items.delete(caller);
  }

  /** Takes the next item; undefined if the queue is empty. */
  dequeue(): T | undefined {
    // A caller that was just served is the first again if it returns to an empty queue.
    const [first, second] = this.#items;
    const [caller, items] = (first?.[0] === this.#lastServed ? second : undefined) ?? first ?? [];
    const [item] = items ?? [];
    if (caller === undefined || items === undefined || item === undefined) return undefined;
    this.delete(caller, item);
    if (this.#items.delete(caller)) this.#items.set(caller, items);
    this.#lastServed = caller;
    return item;
  }
}
