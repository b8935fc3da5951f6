/** The options of the agents module. */
export abstract class AgentsModuleOptions {
  /** The model of agents that do not name one. */
  abstract readonly defaultModel: string;
}
