/** A queue of items by caller. Callers take turns, and the items of each keep their order. */
export class FairQueue<T> {
  /** The caller that was served last comes last. */
  readonly #items = new Map<string, Set<T>>();
  #lastServed: string | undefined;
  #size = 0;

  get size(): number {
    return this.#size;
  }

  sizeOf(caller: string): number {
    return this.#items.get(caller)?.size ?? 0;
  }

  add(caller: string, item: T): void {
    const items = this.#items.get(caller) ?? new Set();
    this.#items.set(caller, items.add(item));
    this.#size++;
  }

  delete(caller: string, item: T): void {
    const items = this.#items.get(caller);
    if (!items?.delete(item)) return;
    this.#size--;
    if (items.size === 0) this.#items.delete(caller);
  }

  /** Takes the next item; undefined if the queue is empty. */
  dequeue(): T | undefined {
    // A caller that was just served is the first again if it returns to an empty queue.
    const [first, second] = this.#items.keys();
    const caller = first === this.#lastServed ? (second ?? first) : first;
    const items = caller === undefined ? undefined : this.#items.get(caller);
    if (caller === undefined || items === undefined) return undefined;
    const [item] = items;
    if (item === undefined) return undefined;
    this.delete(caller, item);
    if (this.#items.delete(caller)) this.#items.set(caller, items);
    this.#lastServed = caller;
    return item;
  }
}
