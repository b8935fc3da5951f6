/** An environment variable with an invalid value. */
export interface SettingFault {
  readonly variable: string;
  /** The rule that the value breaks. Never contains a secret. */
  readonly message: string;
}
