import type { ToolDefinition } from './tool.definition.js';

/** The tools of an agent by name: its own methods, and the tools of its MCP servers. */
export class AgentTools extends Map<string, ToolDefinition> {
  readonly #lenders = new Map<string, string>();

  /** The tools to send to the model. A tool whose server is unreachable is kept, but not sent. */
  offered(): ToolDefinition[] {
    return [...this.values()].filter(({ isReachable = true }) => isReachable);
  }

  /** Replaces the tools of one server. Returns the names that collide with other tools; those tools are left out. */
  lend(server: string, tools: readonly ToolDefinition[]): string[] {
    const lent = new Set<string>();
    const taken: string[] = [];
    for (const tool of tools) {
      const isMine = !this.has(tool.name) || this.#lenders.get(tool.name) === server;
      if (!isMine || lent.has(tool.name)) {
        taken.push(tool.name);
        continue;
      }
      lent.add(tool.name);
      // An existing tool keeps its position: providers charge less for a repeated request.
      this.set(tool.name, tool);
      this.#lenders.set(tool.name, server);
    }
    for (const [name, lender] of this.#lenders) {
      if (lender === server && !lent.has(name)) this.#takeBack(name);
    }
    return taken;
  }

  #takeBack(name: string): void {
    this.delete(name);
    this.#lenders.delete(name);
  }
}
