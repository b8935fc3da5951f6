/** The requests of runs that the OpenAI-compatible API has started. */
export interface OpenAIResponseTable {
  run_id: string;
  /** The fields of the request that the response returns, as JSON. */
  echo: string;
  /** The items of the input, as JSON. */
  input: string;
}
