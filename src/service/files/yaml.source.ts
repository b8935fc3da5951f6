import { type Document, isAlias, isMap, isNode, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';

/** A field of a file: the names and positions that lead to it. */
export type FieldPath = readonly (string | number)[];

/** A fault of a file, and where it is. */
export interface PlacedFault {
  readonly line: number;
  readonly column: number;
  /** Says what is wrong, and what to do. Never contains a secret. */
  readonly message: string;
}

/** One document of YAML, with the places of its fields. */
export class YamlSource {
  readonly #lines = new LineCounter();
  readonly #document: Document;
  /** The content; undefined if the text is not valid YAML. */
  readonly value: unknown;
  readonly faults: readonly PlacedFault[];

  constructor(text: string) {
    this.#document = parseDocument(text, { version: '1.2', prettyErrors: false, lineCounter: this.#lines });
    const { errors, warnings } = this.#document;
    const faults = [...errors, ...warnings].map(({ message, pos: [offset] }) => this.#fault(offset, syntax(message)));
    if (faults.length === 0) {
      try {
        this.value = this.#document.toJS();
      } catch (error) {
        faults.push(this.#fault(0, syntax(error instanceof Error ? error.message : String(error))));
      }
    }
    this.faults = faults;
  }

  /** The fault of a field. The place is that of the field, or of the nearest one around it. */
  faultAt(path: FieldPath, message: string): PlacedFault {
    return this.#fault(this.#offsetOf(path), message);
  }

  #fault(offset: number, message: string): PlacedFault {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(1, line), column: Math.max(1, col), message };
  }

  #offsetOf(path: FieldPath): number {
    let node: unknown = this.#document.contents;
    let offset = offsetOf(node) ?? 0;
    for (const segment of path) {
      if (isAlias(node)) node = node.resolve(this.#document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === segment);
        if (pair === undefined) return offset;
        offset = offsetOf(pair.key) ?? offset;
        node = pair.value;
      } else if (isSeq(node) && typeof segment === 'number') {
        node = node.items[segment];
        offset = offsetOf(node) ?? offset;
      } else {
        return offset;
      }
    }
    return offset;
  }
}

function offsetOf(node: unknown): number | undefined {
  return isNode(node) ? node.range?.[0] : undefined;
}

function syntax(message: string): string {
  const [first = message] = message.split('\n');
  return `this is not valid YAML: ${first}. Correct it; text with special characters needs quotes`;
}

/** Whether the value is a map. */
export function isMapping(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
