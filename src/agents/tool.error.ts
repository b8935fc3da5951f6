/**
 * A failure that the model is to know: throw it from a tool, and its message becomes the result of the call. Of
 * anything else that a tool throws the model hears only that it failed.
 *
 * @example
 * throw new ToolError('There is no city "Osol". Did you mean "Oslo"?');
 */
export class ToolError extends Error {
  override readonly name = 'ToolError';
}
