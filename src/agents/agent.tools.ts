import type { ToolDefinition } from './agent.definition.js';

/** The tools of an agent by their names: its own methods, and what its MCP servers lend it while it runs. */
export class AgentTools extends Map<string, ToolDefinition> {
  readonly #lenders = new Map<string, string>();

  /** What the model may be shown now: a tool whose server cannot be reached is kept, but not shown. */
  offered(): ToolDefinition[] {
    return [...this.values()].filter(({ isReachable = true }) => isReachable);
  }

  /** Puts these in place of what the server lent before. Returns the names that were taken, whose tools are left out. */
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
      // A tool that was there keeps its place: the same request again is cheaper at the providers.
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
