import { createRequire } from 'node:module';

// The entry points import this file first. So an older Node or Nest is named before anything fails because of it.

const NODE = [24, 9] as const;
const NEST = [12, 5] as const;

const fault = requirementFault(process.versions.node, nestVersion());
if (fault !== undefined) throw new Error(fault);

/**
 * Says what to install if a version is too old.
 *
 * @param nest the version of `@nestjs/core`; undefined: unknown.
 */
export function requirementFault(node: string, nest: string | undefined): string | undefined {
  if (isOlder(node, NODE)) {
    return `Rookery needs Node ${NODE.join('.')} or newer, this is ${node}. Install it from https://nodejs.org.`;
  }
  if (nest === undefined || !isOlder(nest, NEST)) return undefined;
  const hint = 'Upgrade with: npm install @nestjs/common@12 @nestjs/core@12';
  return `Rookery needs Nest ${NEST.join('.')} or newer, this is ${nest}. ${hint}`;
}

function isOlder(version: string, [major, minor]: readonly [number, number]): boolean {
  const [ownMajor = 0, ownMinor = 0] = version.split('.').map(Number);
  return ownMajor < major || (ownMajor === major && ownMinor < minor);
}

function nestVersion(): string | undefined {
  try {
    const manifest: unknown = createRequire(import.meta.url)('@nestjs/core/package.json');
    return typeof manifest === 'object' && manifest !== null && 'version' in manifest
      ? String(manifest.version)
      : undefined;
  } catch {
    // A bundle may not have the file.
    return undefined;
  }
}
