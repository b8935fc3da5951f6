import type { ListedTool } from './mcp.listing.js';
import { toolDigest } from './mcp.pin.js';

/** A server that lists ever new names must not fill the memory. */
const MAX_REMEMBERED = 1024;

/** Remembers the tools of a server as they were listed first, so that later changes are noticed. */
export class ToolChanges {
  readonly #digests = new Map<string, string>();

  /** Returns whether the tool differs from its first form. Beyond a limit, every further tool counts as changed. */
  hasChanged(tool: ListedTool, isTrusted = false): boolean {
    const first = this.#digests.get(tool.name);
    if (first !== undefined) return first !== toolDigest(tool, isTrusted);
    if (this.#digests.size >= MAX_REMEMBERED) return true;
    this.#digests.set(tool.name, toolDigest(tool, isTrusted));
    return false;
  }
}
