/** An option with an invalid value. */
export interface OptionFault {
  /** The path of the option, for example `rateLimit.requests` or `fallbacks[0].model`. */
  readonly option: string;
  /** The rule that the value breaks. Never contains a secret. */
  readonly message: string;
}

/** Returns the name that the user wrote for the option with that path, such as an environment variable. */
export type OptionName = (path: string) => string;
