/**
 * A failure that the model should read: if a tool throws it, its message becomes the result of the call. After any
 * other error the model reads only that the call failed.
 *
 * @example
 * import { ToolError } from 'rookery';
 *
 * throw new ToolError('There is no city "Osol". Did you mean "Oslo"?');
 */
export class ToolError extends Error {
  /** Always `ToolError`. */
  override readonly name = 'ToolError';
}
