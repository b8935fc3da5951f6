/** Begins a tool result that reports a failure to the model. */
export const ERROR_PREFIX = 'Error: ';
