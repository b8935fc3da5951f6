/** Stands for no release: the agent as its class has it. */
export const AS_CODED = 'code';

/** A version of an agent's words and model, under a name for good. What it leaves out is the agent's own. */
export interface Release {
  readonly name: string;
  readonly role: string;
  /** For people. */
  readonly description?: string | undefined;
  readonly instructions?: string | undefined;
  /** The provider's name of the model. */
  readonly model?: string | undefined;
  /** 0–2, where the caller does not say. */
  readonly temperature?: number | undefined;
  readonly maxTurns?: number | undefined;
}

/** What was chosen for the roles of a run; a role that is not in it is as coded. */
export type ChosenReleases = ReadonlyMap<string, Release>;
