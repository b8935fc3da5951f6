// Counts the lines of code in src, by folder: without comments, blank lines, specs and generated types.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';

const ROOT = join(import.meta.dirname, '../src');
const GENERATED = new Set(['client/api.types.ts']);

/** The lines that hold at least a part of a token. Comments are not tokens. */
function countLines(path) {
  const text = readFileSync(path, 'utf8');
  const source = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const lines = new Set();
  const visit = (node) => {
    if (ts.isJSDoc(node) || node.kind === ts.SyntaxKind.EndOfFileToken) return;
    const children = node.getChildren(source);
    for (const child of children) visit(child);
    if (children.length > 0) return;
    const first = source.getLineAndCharacterOfPosition(node.getStart(source)).line;
    const last = source.getLineAndCharacterOfPosition(node.getEnd()).line;
    for (let line = first; line <= last; line++) lines.add(line);
  };
  visit(source);
  return lines.size;
}

const files = readdirSync(ROOT, { recursive: true }).filter(
  (path) => path.endsWith('.ts') && !path.endsWith('.spec.ts') && !GENERATED.has(path),
);
const folders = Object.groupBy(files, (path) => (path.includes('/') ? path.slice(0, path.indexOf('/')) : '.'));
const counts = Object.entries(folders).map(([folder, paths]) => [
  folder,
  paths.reduce((sum, path) => sum + countLines(join(ROOT, path)), 0),
]);
for (const [folder, count] of counts.toSorted(([, one], [, other]) => other - one))
  process.stdout.write(`${count}\t${folder}\n`);
process.stdout.write(`${counts.reduce((sum, [, count]) => sum + count, 0)}\tin all ${files.length} files\n`);
