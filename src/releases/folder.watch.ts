import { singleFlight } from '../async/single.flight.js';

/** Reports changes of a folder. It polls, because that works on every file system, mounted or not. */
export class FolderWatch {
  readonly #timer: NodeJS.Timeout;
  #taken: string;
  #seen: string;

  /**
   * @param signature returns a text that differs if anything has changed.
   * @param taken the signature of the current content.
   * @param onChange called if two polls in a row find the same change: a file may be half written.
   */
  constructor(
    private readonly signature: () => Promise<string>,
    private readonly onChange: () => Promise<void>,
    taken: string,
    everyMs: number,
  ) {
    this.#taken = taken;
    this.#seen = taken;
    const look = singleFlight(() => this.#look());
    this.#timer = setInterval(() => void look(), everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    // An unreadable folder is a change too: reading it then reports the reason.
    const now = await this.signature().catch(String);
    const isSettled = now === this.#seen;
    this.#seen = now;
    if (!isSettled || now === this.#taken) return;
    this.#taken = now;
    await this.onChange();
  }
}
