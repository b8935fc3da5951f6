/** The name for "no release": the agent runs as its class defines it. */
export const CODE_RELEASE = 'code';

/** A named, permanent version of an agent's instructions and model. Missing fields keep the agent's own values. */
export interface Release {
  readonly name: string;
  readonly role: string;
  /** A description for people. */
  readonly description?: string | undefined;
  readonly instructions?: string | undefined;
  /** The provider's name of the model. */
  readonly model?: string | undefined;
  /** 0–2. Applies if the request has no temperature. */
  readonly temperature?: number | undefined;
  readonly maxTurns?: number | undefined;
}

/** The agents that can have releases. */
export abstract class ReleasableAgents {
  abstract readonly roles: readonly string[];
  /** The only models that they can use; undefined: any name. */
  abstract readonly modelNames: readonly string[] | undefined;
}

/** The chosen releases by role. A role without an entry runs as coded. */
export type ChosenReleases = ReadonlyMap<string, Release>;
