/** The client of the service for Nest applications. */
export { AgentClientModule } from './agent-client.module.js';
export type { AgentClientModuleOptions } from './agent-client.options.js';
export { agentClientToken, InjectAgentClient } from './agent-client.token.js';
