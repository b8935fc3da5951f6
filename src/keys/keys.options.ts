/** The lifetimes of new keys. */
export interface KeyLifetimes {
  /** Days after which a key expires unless it has a time of its own. Undefined: `maxDays`, or never. */
  readonly ttlDays?: number | undefined;
  /** The longest lifetime, in days. Undefined: no limit. */
  readonly maxDays?: number | undefined;
}

/** The options of the keys module. */
export abstract class KeysModuleOptions implements KeyLifetimes {
  abstract readonly ttlDays: number | undefined;
  abstract readonly maxDays: number | undefined;
}
