/** The part of a manifest of npm that the commands read. */
export interface Manifest {
  readonly version: string;
  readonly type: string | undefined;
  /** The ranges by name, of each kind. */
  readonly packages: ReadonlyMap<string, string>;
  readonly peers: readonly string[];
}

/** Reads a manifest. A field of another type counts as missing. @throws SyntaxError if the text is not JSON. */
export function parseManifest(text: string): Manifest {
  const value: unknown = JSON.parse(text);
  const { version, type, dependencies, devDependencies, peerDependencies, peerDependenciesMeta } = fieldsOf(value);
  const packages = [...Object.entries(fieldsOf(dependencies)), ...Object.entries(fieldsOf(devDependencies))];
  const optional = Object.keys(fieldsOf(peerDependenciesMeta));
  return {
    version: String(version),
    type: typeof type === 'string' ? type : undefined,
    packages: new Map(packages.map(([name, range]) => [name, String(range)])),
    peers: Object.keys(fieldsOf(peerDependencies)).filter((name) => !optional.includes(name)),
  };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
