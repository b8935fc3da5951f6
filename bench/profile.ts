import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { number, print, table } from './report.ts';

interface ProfileNode {
  id: number;
  callFrame: { functionName: string; url: string; lineNumber: number };
  children?: number[];
}
interface CpuProfile {
  nodes: ProfileNode[];
  samples: number[];
  timeDeltas: number[];
}

const IDLE = '(idle)';
const MAX_NAME_LENGTH = 90;

/**
 * Prints the CPU time of a `--cpu-prof`, from `skipMs` after its start: by package or file, by function, and with
 * callees.
 */
export function summariseProfile(folder: string, skipMs: number): void {
  for (const name of readdirSync(folder).filter((file) => file.endsWith('.cpuprofile'))) {
    const path = join(folder, name);
    const profile: CpuProfile = JSON.parse(readFileSync(path, 'utf8'));
    const self = selfMicros(profile, skipMs * 1000);
    const busy = profile.nodes.filter((node) => node.callFrame.functionName !== IDLE);
    const bySelf = (key: (node: ProfileNode) => string) => sum(busy.map((node) => [key(node), self.get(node.id) ?? 0]));
    print(
      `\nprofile ${path}, from ${number(skipMs / 1000, 1)} s on (sampling slows everything: read the shares; waiting for the disk counts as busy)`,
    );
    printShares('self, by package or file', bySelf(place), 30);
    printShares('self, by function', bySelf(title), 40);
    printShares('functions of dist/ with their callees', totals(profile.nodes, self, isOurs), 40);
    printShares('functions of packages with their callees', totals(profile.nodes, self, isTheirs), 30);
  }
}

function selfMicros({ samples, timeDeltas }: CpuProfile, skipMicros: number): Map<number, number> {
  let clock = 0;
  return sum(
    samples.flatMap((id, index): [number, number][] => {
      clock += timeDeltas[index] ?? 0;
      return clock < skipMicros ? [] : [[id, timeDeltas[index + 1] ?? 0]];
    }),
  );
}

/** Sums each chosen function's own time and that of its callees; a recursive call counts once. */
function totals(
  nodes: ProfileNode[],
  self: Map<number, number>,
  isChosen: (node: ProfileNode) => boolean,
): Map<string, number> {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const result = new Map<string, number>();
  const visit = (node: ProfileNode, open: Set<string>): number => {
    const name = title(node);
    const counts = isChosen(node) && !open.has(name);
    const inside = counts ? new Set(open).add(name) : open;
    const children = (node.children ?? []).flatMap((id) => byId.get(id) ?? []);
    const total = children.reduce((micros, child) => micros + visit(child, inside), self.get(node.id) ?? 0);
    if (counts) result.set(name, (result.get(name) ?? 0) + total);
    return total;
  };
  const [root] = nodes;
  if (root) visit(root, new Set());
  return result;
}

function printShares(heading: string, micros: Map<string, number>, most: number): void {
  const all = [...micros].filter(([, value]) => value > 0).toSorted(([, a], [, b]) => b - a);
  const whole = all.reduce((total, [, value]) => total + value, 0);
  const isWhole = heading.startsWith('self');
  const share = (value: number) => (isWhole ? `${number((value / whole) * 100, 1)} %` : '');
  const rows = all
    .slice(0, most)
    .map(([name, value]) => [name.slice(0, MAX_NAME_LENGTH), number(value / 1000), share(value)]);
  print(`\n  ${heading}${isWhole ? ` (${number(whole / 1000)} ms)` : ', ms'}`);
  print(table(rows));
}

function place({ callFrame }: ProfileNode): string {
  const { url, functionName } = callFrame;
  if (url === '') return functionName.startsWith('(') ? functionName : '(native)';
  const [, inPackage] = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(url) ?? [];
  const [, ours] = /.*\/(dist\/.+)$/.exec(url) ?? [];
  return inPackage ?? ours ?? url;
}

function title(node: ProfileNode): string {
  const { functionName, url, lineNumber } = node.callFrame;
  const [file] = url.split('/').slice(-1);
  return `${functionName || '(anonymous)'}  ${place(node)}${url.includes('node_modules') ? ` ${file}` : ''}${url ? `:${lineNumber + 1}` : ''}`;
}

function isOurs(node: ProfileNode): boolean {
  return place(node).startsWith('dist/');
}

function isTheirs({ callFrame }: ProfileNode): boolean {
  return callFrame.url.includes('/node_modules/');
}

function sum<Key>(entries: (readonly [Key, number])[]): Map<Key, number> {
  const sums = new Map<Key, number>();
  for (const [key, value] of entries) sums.set(key, (sums.get(key) ?? 0) + value);
  return sums;
}
