// Prints the bill of materials of the service in CycloneDX: `npm run -s sbom > rookery.cdx.json`. It lists what the image
// installs, from the lockfile alone, so the same lockfile gives the same text. `npm sbom` leaves out direct
// dependencies that are also peers of others. It adds a random id, the time, and the name of the folder.
import { readFileSync } from 'node:fs';

const { packages } = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
const FOLDER = 'node_modules/';
const installed = Object.entries(packages).filter(([path, each]) => path === '' || isInstalled(each));

/** As `npm ci --omit=dev --omit=optional` decides. */
function isInstalled({ dev, optional, devOptional }) {
  return !dev && !optional && !devOptional;
}

function nameOf(path) {
  return path === '' ? packages[''].name : path.slice(path.lastIndexOf(FOLDER) + FOLDER.length);
}

function refOf(path) {
  return `${nameOf(path)}@${packages[path].version}`;
}

function componentOf(path) {
  const { version, license, integrity } = packages[path];
  const purl = `pkg:npm/${nameOf(path).replace('@', '%40')}@${version}`;
  const [algorithm, digest] = integrity?.split('-') ?? [];
  return {
    type: path === '' ? 'application' : 'library',
    'bom-ref': refOf(path),
    name: nameOf(path),
    version,
    ...(digest && {
      hashes: [{ alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') }],
    }),
    ...(license && {
      licenses: [/ (AND|OR|WITH) /.test(license) ? { expression: license } : { license: { id: license } }],
    }),
    purl,
  };
}

/** Returns the path at which Node finds the dependency of the package at that path; undefined if it is not installed. */
function pathOf(dependency, path) {
  const parts = path === '' ? [] : path.split(`/${FOLDER}`);
  for (let depth = parts.length; depth >= 0; depth--) {
    const found = [...parts.slice(0, depth), `${depth === 0 ? FOLDER : ''}${dependency}`].join(`/${FOLDER}`);
    if (packages[found]) return isInstalled(packages[found]) ? found : undefined;
  }
  return undefined;
}

function dependenciesOf(path) {
  const { dependencies = {}, peerDependencies = {} } = packages[path];
  const paths = Object.keys({ ...dependencies, ...peerDependencies }).map((name) => pathOf(name, path));
  return paths.filter((each) => each !== undefined).map(refOf);
}

function inOrder(one, other) {
  return one < other ? -1 : 1;
}

/** Packages that are installed in several folders are listed once. */
const byRef = new Map();
for (const [path] of installed) {
  const ref = refOf(path);
  byRef.set(ref, { path, dependsOn: [...(byRef.get(ref)?.dependsOn ?? []), ...dependenciesOf(path)] });
}
const sorted = [...byRef].toSorted(([one], [other]) => inOrder(one, other));
const bom = {
  bomFormat: 'CycloneDX',
  specVersion: '1.5',
  version: 1,
  metadata: { lifecycles: [{ phase: 'pre-build' }], component: componentOf('') },
  components: sorted.filter(([, { path }]) => path !== '').map(([, { path }]) => componentOf(path)),
  dependencies: sorted.map(([ref, { dependsOn }]) => ({ ref, dependsOn: [...new Set(dependsOn)].toSorted(inOrder) })),
};
process.stdout.write(`${JSON.stringify(bom, null, 2)}\n`);
