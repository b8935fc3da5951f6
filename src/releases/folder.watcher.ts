import { singleFlight } from '../async/single.flight.js';

/** Reports changes of a folder. It polls, because that works on every file system, mounted or not. */
export class FolderWatcher {
  readonly #timer: NodeJS.Timeout;
  #loaded: string;
  #seen: string;

  /**
   * @param signature returns a text that differs if anything has changed.
   * @param loaded the signature of the current content.
   * @param onChange called if two polls in a row find the same change: a file may be half written.
   */
  constructor(
    private readonly signature: () => Promise<string>,
    private readonly onChange: () => Promise<void>,
    loaded: string,
    everyMs: number,
  ) {
    this.#loaded = loaded;
    this.#seen = loaded;
    const look = singleFlight(() => this.#poll());
    this.#timer = setInterval(() => void look(), everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #poll(): Promise<void> {
    // An unreadable folder is a change too: reading it then reports the reason.
    const now = await this.signature().catch(String);
    const isSettled = now === this.#seen;
    this.#seen = now;
    if (!isSettled || now === this.#loaded) return;
    this.#loaded = now;
    await this.onChange();
  }
}
