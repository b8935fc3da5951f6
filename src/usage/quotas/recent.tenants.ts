const CAPACITY = 10_000;

/** Keeps the state of the tenants that began runs last. The state of any other tenant is read again. */
export class RecentTenants<State extends object> {
  /** The least recently used tenant comes first. */
  readonly #states = new Map<string, State>();

  constructor(private readonly create: () => State) {}

  entries(): (readonly [string, State])[] {
    return [...this.#states];
  }

  of(tenant: string): State {
    const state = this.#states.get(tenant) ?? this.create();
    this.#states.delete(tenant);
    this.#states.set(tenant, state);
    const [oldest] = this.#states.keys();
    if (this.#states.size > CAPACITY && oldest !== undefined) this.#states.delete(oldest);
    return state;
  }
}
