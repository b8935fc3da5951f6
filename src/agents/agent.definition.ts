/** An agent as the engine runs it: its options checked and completed. */
export interface AgentDefinition {
  readonly role: string;
  readonly description: string;
  readonly instructions: string;
  /** The provider's name of its model. */
  readonly model: string;
}
