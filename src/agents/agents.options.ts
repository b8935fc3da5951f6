/** The options of the agents module. */
export abstract class AgentsModuleOptions {
  /** The model of agents that do not name one. */
  abstract readonly defaultModel: string;
  /** The only models that agents can use; undefined: any name. */
  abstract readonly modelNames: readonly string[] | undefined;
  /** Whether global guards, interceptors and pipes run on tools. */
  abstract readonly globalEnhancersOnTools: boolean;
  /** The versions of agents by role. An agent without one is the same in all processes. */
  abstract readonly versions: Readonly<Record<string, string>>;
}
