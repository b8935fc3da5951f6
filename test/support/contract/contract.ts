// .ci/openapi.mjs runs this file in Node as it is: hence no imports, and only erasable types.

type Json = Readonly<Record<string, unknown>>;

/** Who writes the value that a schema describes. */
type Writer = 'caller' | 'service';

const V1 = /^\/api\/v1\//;
const METHODS = ['get', 'put', 'post', 'delete', 'patch'];
/** Texts for people, which may change at any time. */
const TEXTS = new Set(['description', 'summary', 'example', 'examples', 'tags', 'title', 'deprecated']);
/** The keys of these are names, not keywords. */
const NAMED = new Set(['properties', 'schemas', 'paths', 'responses', 'headers', 'content']);

const LOWER = ['minimum', 'exclusiveMinimum', 'minLength', 'minItems', 'minProperties'];
const UPPER = ['maximum', 'exclusiveMaximum', 'maxLength', 'maxItems', 'maxProperties'];
const UNIONS = ['oneOf', 'anyOf'];
/** The document lists the frames that a WebSocket accepts beside those that it sends, as the answer to the upgrade. */
const ACCEPTED = new Set(['ChatFrame', 'SubscribeFrame', 'CancelFrame', 'ApproveFrame']);

/** Returns the part of a document that version 1 promises: routes and their references, in one order, without texts. */
export function contractOf(document: Json): Json {
  const paths = Object.fromEntries(Object.entries(object(document['paths'])).filter(([path]) => V1.test(path)));
  const schemas = object(object(document['components'])['schemas']);
  const names = new Set<string>();
  const collect = (value: unknown): void => {
    for (const name of referencesIn(value)) {
      if (names.has(name)) continue;
      names.add(name);
      collect(schemas[name]);
    }
  };
  collect(paths);
  const kept = Object.fromEntries([...names].map((name) => [name, schemas[name]]));
  return object(canonical({ paths, components: { schemas: kept } }, false));
}

/** Returns the changes that break callers of the old contract; empty if the contract has only grown. */
export function breakingChanges(old: Json, now: Json): string[] {
  return new Comparison(old, now).run();
}

class Comparison {
  private readonly found = new Set<string>();
  /** Pairs of references under comparison: schemas may refer to themselves. */
  private readonly open = new Set<string>();
  private readonly old: Json;
  private readonly now: Json;

  constructor(old: Json, now: Json) {
    this.old = old;
    this.now = now;
  }

  run(): string[] {
    for (const [path, methods] of Object.entries(object(this.old['paths']))) {
      for (const method of METHODS) {
        const operation = object(methods)[method];
        const successor = object(object(this.now['paths'])[path])[method];
        const at = `${method.toUpperCase()} ${path}`;
        if (operation === undefined) continue;
        if (successor === undefined) this.add(at, 'is gone');
        else this.operation(object(operation), object(successor), at);
      }
    }
    return [...this.found];
  }

  private operation(old: Json, now: Json, at: string): void {
    if (old['x-scope'] !== now['x-scope']) this.add(at, 'needs another scope');
    if (old['operationId'] !== now['operationId']) this.add(at, 'has another operationId');
    const schemes = new Set(list(now['security']).map((way) => JSON.stringify(way)));
    if (list(old['security']).some((way) => !schemes.has(JSON.stringify(way))))
      this.add(at, 'accepts fewer credentials');
    this.parameters(list(old['parameters']).map(object), list(now['parameters']).map(object), at);
    this.body(object(old['requestBody']), object(now['requestBody']), `${at} body`);
    for (const [status, answer] of Object.entries(object(old['responses']))) {
      const successor = object(now['responses'])[status];
      if (successor === undefined) this.add(at, `no longer answers ${status}`);
      else this.answer(object(answer), object(successor), `${at} ${status}`);
    }
  }

  private parameters(old: readonly Json[], now: readonly Json[], at: string): void {
    const named = (name: unknown, place: unknown) => (each: Json) => each['name'] === name && each['in'] === place;
    for (const parameter of old) {
      const successor = now.find(named(parameter['name'], parameter['in']));
      const where = `${at} ${String(parameter['name'])}`;
      if (successor === undefined) this.add(where, 'is gone');
      else {
        if (successor['required'] === true && parameter['required'] !== true) this.add(where, 'is required now');
        this.schema(parameter['schema'], successor['schema'], 'caller', where);
      }
    }
    for (const parameter of now) {
      const isNew = !old.some(named(parameter['name'], parameter['in']));
      if (isNew && parameter['required'] === true)
        this.add(`${at} ${String(parameter['name'])}`, 'is new and required');
    }
  }

  private body(old: Json, now: Json, at: string): void {
    if (now['required'] === true && old['required'] !== true) this.add(at, 'is required now');
    this.content(old, now, 'caller', at);
  }

  private answer(old: Json, now: Json, at: string): void {
    for (const [name, header] of Object.entries(object(old['headers']))) {
      const successor = object(now['headers'])[name];
      if (successor === undefined) this.add(`${at} ${name}`, 'is gone');
      else this.schema(object(header)['schema'], object(successor)['schema'], 'service', `${at} ${name}`);
    }
    this.content(old, now, 'service', at);
  }

  private content(old: Json, now: Json, writer: Writer, at: string): void {
    for (const [type, media] of Object.entries(object(old['content']))) {
      const successor = object(now['content'])[type];
      if (successor === undefined) this.add(at, `is no longer ${type}`);
      else this.schema(object(media)['schema'], object(successor)['schema'], writer, at);
    }
  }

  private schema(given: unknown, successor: unknown, writer: Writer, at: string): void {
    const pair = `${writer} ${JSON.stringify(object(given)['$ref'])} ${JSON.stringify(object(successor)['$ref'])}`;
    if (!pair.includes('undefined')) {
      if (this.open.has(pair)) return;
      this.open.add(pair);
    }
    const [old, now] = [resolved(given, this.old), resolved(successor, this.now)];
    this.types(old, now, writer, at);
    this.values(old, now, at);
    this.bounds(old, now, writer, at);
    this.properties(old, now, writer, at);
    if (old['items'] ?? now['items']) this.schema(old['items'], now['items'], writer, `${at}[]`);
    for (const keyword of UNIONS) this.union(list(old[keyword]), list(now[keyword]), writer, at);
    const parts = list(now['allOf']);
    list(old['allOf']).forEach((part, index) => this.schema(part, parts[index], writer, at));
  }

  private types(old: Json, now: Json, writer: Writer, at: string): void {
    const [before, after] = [typesOf(old), typesOf(now)];
    const [narrow, wide] = writer === 'caller' ? [before, after] : [after, before];
    const isWithin = wide === undefined || (narrow !== undefined && narrow.every((type) => wide.includes(type)));
    if (!isWithin) this.add(at, `has another type: ${String(now['type'])} instead of ${String(old['type'])}`);
    for (const keyword of ['pattern', 'format', 'default']) {
      const isFreed = writer === 'caller' && now[keyword] === undefined && keyword !== 'default';
      const isPromised = writer === 'service' && old[keyword] === undefined;
      if (old[keyword] !== now[keyword] && !isFreed && !isPromised) this.add(at, `has another ${keyword}`);
    }
  }

  /** New values in answers do not break callers: the documentation announces new codes and events. */
  private values(old: Json, now: Json, at: string): void {
    const [before, after] = [valuesOf(old), valuesOf(now)];
    if (before === undefined && after !== undefined) this.add(at, 'has fewer values');
    if (before !== undefined && after === undefined) this.add(at, 'has any value now');
    const gone = (before ?? []).filter((value) => after !== undefined && !after.includes(value));
    if (gone.length > 0) this.add(at, `no longer has ${gone.join(', ')}`);
  }

  private bounds(old: Json, now: Json, writer: Writer, at: string): void {
    const direction = writer === 'caller' ? 1 : -1;
    const differs = (keyword: string, none: number): number =>
      number(now[keyword], none) - number(old[keyword], none) || 0;
    for (const keyword of LOWER)
      if (differs(keyword, -Infinity) * direction > 0) this.add(at, `has another ${keyword}`);
    const allowed = (keyword: string): number =>
      keyword === 'maxItems' && writer === 'service' ? this.grown(old, now) : 0;
    for (const keyword of UPPER) {
      if (differs(keyword, Infinity) * direction < -allowed(keyword)) this.add(at, `has another ${keyword}`);
    }
  }

  /** A list of all values, each once, becomes longer with each new value. Returns by how many items. */
  private grown(old: Json, now: Json): number {
    const count = (items: unknown, document: Json): number => (valuesOf(resolved(items, document)) ?? []).length;
    const [before, after] = [count(old['items'], this.old), count(now['items'], this.now)];
    return old['maxItems'] === before && now['maxItems'] === after ? Math.max(0, after - before) : 0;
  }

  private properties(old: Json, now: Json, writer: Writer, at: string): void {
    for (const [name, property] of Object.entries(object(old['properties']))) {
      const successor = object(now['properties'])[name];
      if (successor === undefined) this.add(`${at}.${name}`, 'is gone');
      else this.schema(property, successor, writer, `${at}.${name}`);
    }
    const [before, after] = [list(old['required']), list(now['required'])];
    const [few, many] = writer === 'caller' ? [after, before] : [before, after];
    for (const name of few.filter((each) => !many.includes(each))) {
      this.add(`${at}.${String(name)}`, writer === 'caller' ? 'is required now' : 'is optional now');
    }
    const [open, closed] = [old['additionalProperties'], now['additionalProperties']];
    if (writer === 'caller' && closed === false && open !== false) this.add(at, 'accepts no other fields now');
    if (isObject(open) && isObject(closed)) this.schema(open, closed, writer, `${at}.*`);
  }

  /** Every earlier alternative must remain; new ones do not break callers. */
  private union(old: readonly unknown[], now: readonly unknown[], writer: Writer, at: string): void {
    if (old.length === 0 && now.length > 0) this.add(at, 'is one of several now');
    for (const branch of old) {
      const twin = now.find((each) => nameOf(each) !== undefined && nameOf(each) === nameOf(branch));
      const from = ACCEPTED.has(nameOf(branch) ?? '') ? 'caller' : writer;
      if (twin !== undefined) this.schema(branch, twin, from, at);
      else if (!now.some((each) => this.fits(branch, each, writer))) {
        this.add(at, `is no longer ${nameOf(branch) ?? 'what it could be'}`);
      }
    }
  }

  private fits(branch: unknown, successor: unknown, writer: Writer): boolean {
    const trial = new Comparison(this.old, this.now);
    trial.schema(branch, successor, writer, '');
    return trial.found.size === 0;
  }

  private add(at: string, what: string): void {
    this.found.add(`${at}: ${what}`);
  }
}

function resolved(schema: unknown, document: Json): Json {
  const { $ref, ...own } = object(schema);
  if (typeof $ref === 'string')
    return resolved(object(object(document['components'])['schemas'])[nameIn($ref)], document);
  const [only, ...others] = list(own['allOf']);
  return only !== undefined && others.length === 0 && Object.keys(own).length === 1 ? resolved(only, document) : own;
}

/** Every integer is a number; undefined: any type. */
function typesOf({ type }: Json): unknown[] | undefined {
  if (type === undefined) return undefined;
  const types = Array.isArray(type) ? type : [type];
  return types.includes('number') ? [...types, 'integer'] : types;
}

function valuesOf(schema: Json): string[] | undefined {
  const values = 'const' in schema ? [schema['const']] : schema['enum'];
  return Array.isArray(values) ? values.map((value) => JSON.stringify(value)) : undefined;
}

function nameOf(schema: unknown): string | undefined {
  const reference = object(schema)['$ref'];
  return typeof reference === 'string' ? nameIn(reference) : undefined;
}

function nameIn(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1);
}

function referencesIn(value: unknown): string[] {
  const text = JSON.stringify(value) ?? '';
  return Array.from(text.matchAll(/"#\/components\/schemas\/([^"]+)"/g), ([, name]) => name ?? '');
}

/** Sorts keys alphabetically and removes texts for people. */
function canonical(value: unknown, isNames: boolean): unknown {
  if (Array.isArray(value)) return value.map((item: unknown) => canonical(item, false));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([name]) => isNames || !TEXTS.has(name));
  const sorted = kept.toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(sorted.map(([name, child]) => [name, canonical(child, !isNames && NAMED.has(name))]));
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function object(value: unknown): Json {
  return isObject(value) ? value : {};
}

function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function number(value: unknown, none: number): number {
  return typeof value === 'number' ? value : none;
}
