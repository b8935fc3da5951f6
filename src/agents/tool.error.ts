/**
 * A failure that the model should read: if a tool throws it, its message becomes the result of the call. After any
 * other error the model reads only that the call failed.
 *
 * @example
 * import { ToolError } from 'rookery';
 *
 * throw new ToolError('There is no city "Osol". Did you mean "Oslo"?');
 * throw new ToolError('The bank is busy. Nothing was paid.', { retryable: true });
 */
export class ToolError extends Error {
  /** Always `ToolError`. */
  override readonly name = 'ToolError';
  /** The call had no effect and may succeed if it is repeated. The option `retry` of the tool says how often. */
  readonly isRetryable: boolean;

  /**
   * Creates a failure with a message for the model.
   *
   * @param options `retryable`: the call had no effect and may succeed if it is repeated. Default: false.
   */
  constructor(
    message: string,
    { retryable = false, ...options }: ErrorOptions & { readonly retryable?: boolean } = {},
  ) {
    super(message, options);
    this.isRetryable = retryable;
  }
}
