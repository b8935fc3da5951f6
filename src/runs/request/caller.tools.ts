/**
 * A tool that the caller of a run executes. If the model calls it, the run ends with the call. The next run of the
 * session brings its result.
 *
 * @example
 * import type { CallerTool } from 'rookery';
 *
 * const tool: CallerTool = {
 *   name: 'get_weather',
 *   description: 'The weather of a city',
 *   parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
 * };
 */
export interface CallerTool {
  /** 1–64 of A–Z a–z 0–9 _ -. The agent must have no tool with this name. */
  readonly name: string;
  /** Explains what the tool does and when to use it. Default: nothing. */
  readonly description?: string | undefined;
  /** JSON Schema of its arguments, of type `object`. The service does not check the arguments. Default: none. */
  readonly parameters?: object | undefined;
  /** The schema satisfies the strict mode of the provider, which refuses any other. Default: false. */
  readonly strict?: boolean | undefined;
}

/**
 * The result of a call with which an earlier run of the session ended: either `output` or `error`.
 *
 * @example
 * import type { CallerToolResult } from 'rookery';
 *
 * const result: CallerToolResult = { call_id: 'call_1', output: '{"celsius": 7}' };
 */
export interface CallerToolResult {
  /** The `call_id` of the call in `pending_calls`. */
  readonly call_id: string;
  /** The result for the model. */
  readonly output?: string | undefined;
  /** Why the call failed, for the model. */
  readonly error?: string | undefined;
}

/** A tool call that waits for a result of the caller. */
export interface PendingCall {
  /** Identifies the call in its result. */
  readonly call_id: string;
  /** The name of the tool. */
  readonly tool: string;
  /** The arguments: the JSON text of an object, as the model wrote it. It may not match the schema. */
  readonly arguments: string;
}
