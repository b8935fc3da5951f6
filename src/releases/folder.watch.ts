/** Tells of changes. Looking again and again finds them on every file system, mounted or not. */
export class FolderWatch {
  readonly #timer: NodeJS.Timeout;
  #taken: string;
  #seen: string;
  #isLooking = false;

  /**
   * @param signature differs when anything has changed.
   * @param taken the signature of what is known already.
   * @param onChange called once it has stayed as it is from one look to the next: a file may be half written.
   */
  constructor(
    private readonly signature: () => Promise<string>,
    private readonly onChange: () => Promise<void>,
    taken: string,
    everyMs: number,
  ) {
    this.#taken = taken;
    this.#seen = taken;
    this.#timer = setInterval(() => void this.#look(), everyMs).unref();
  }

  close(): void {
    clearInterval(this.#timer);
  }

  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    try {
      // What cannot be looked at is a change too: reading it then says why.
      const now = await this.signature().catch(String);
      const isSettled = now === this.#seen;
      this.#seen = now;
      if (!isSettled || now === this.#taken) return;
      this.#taken = now;
      await this.onChange();
    } finally {
      this.#isLooking = false;
    }
  }
}
