import type { ToolDefinition } from './tool.definition.js';

/** The tools of an agent by name: its own methods, and the tools of its MCP servers. */
export class AgentTools extends Map<string, ToolDefinition> {
  readonly #servers = new Map<string, string>();

  /** The tools to send to the model. A tool whose server is unreachable is kept, but not sent. */
  offered(): ToolDefinition[] {
    return [...this.values()].filter(({ isReachable = true }) => isReachable);
  }

  /** Replaces the tools of one server. Returns the names that collide with other tools; those tools are left out. */
  setServerTools(server: string, tools: readonly ToolDefinition[]): string[] {
    const added = new Set<string>();
    const collisions: string[] = [];
    for (const tool of tools) {
      const isOwn = !this.has(tool.name) || this.#servers.get(tool.name) === server;
      if (!isOwn || added.has(tool.name)) {
        collisions.push(tool.name);
        continue;
      }
      added.add(tool.name);
      // An existing tool keeps its position: providers charge less for a repeated request.
      this.set(tool.name, tool);
      this.#servers.set(tool.name, server);
    }
    for (const [name, owner] of this.#servers) {
      if (owner !== server || added.has(name)) continue;
      this.delete(name);
      this.#servers.delete(name);
    }
    return collisions;
  }
}
