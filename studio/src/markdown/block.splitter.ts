import MarkdownIt from 'markdown-it';

/** Raw HTML stays text. */
const parser = new MarkdownIt({ html: false, linkify: true, breaks: false });

export type Token = ReturnType<typeof parser.parse>[number];

/** A paragraph, list, table or another part of a text. */
export interface Block {
  readonly source: string;
  readonly tokens: readonly Token[];
}

/**
 * Parses a text that grows at its end. Finished blocks are kept, so an addition costs only its last block.
 */
export class BlockSplitter {
  #text = '';
  #finished: Block[] = [];
  /** The length of the finished blocks. */
  #length = 0;

  /** Returns the blocks of a text. Finished ones are the same objects as before. */
  split(text: string): readonly Block[] {
    if (!text.startsWith(this.#text.slice(0, this.#length))) [this.#finished, this.#length] = [[], 0];
    this.#text = text;
    const blocks = parse(text.slice(this.#length));
    const last = blocks.at(-1);
    if (last === undefined) return [...this.#finished];
    for (const block of blocks.slice(0, -1)) {
      this.#finished.push(block);
      this.#length += block.source.length;
    }
    return [...this.#finished, last];
  }
}

/** The sources of the blocks together are the text. */
function parse(text: string): Block[] {
  const lines = text.split(/(?<=\n)/);
  const blocks: { tokens: Token[]; start: number }[] = [];
  for (const token of parser.parse(text, {})) {
    if (token.level === 0 && token.nesting >= 0) blocks.push({ tokens: [token], start: token.map?.[0] ?? 0 });
    else blocks.at(-1)?.tokens.push(token);
  }
  return blocks.map(({ tokens, start }, index) => {
    const from = index === 0 ? 0 : start;
    return { tokens, source: lines.slice(from, blocks[index + 1]?.start).join('') };
  });
}
