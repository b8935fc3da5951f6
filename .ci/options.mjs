// Makes docs/options.md: the options of AgentModule, from their docstrings. `--renew` writes the page; otherwise the
// script fails if the page is not current. Needs a build, which has the settings of the service.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const PAGE = 'docs/options.md';
const SOURCE = join(ROOT, 'src', 'agent.options.ts');
/** The table begins here, and ends the page. */
const HEAD = '| Option ';
/** Their fields have rows of their own. */
const FLATTENED = /^(Model)?\w+Options$/;

const { variableOf } = await import('../dist/service/settings/agent.settings.js');
const settings = readFileSync(join(ROOT, 'docs', 'settings.md'), 'utf8');
const { compilerOptions } = JSON.parse(readFileSync(join(ROOT, 'tsconfig.json'), 'utf8'));
const { options } = ts.convertCompilerOptionsFromJson(compilerOptions, ROOT);
const program = ts.createProgram([SOURCE], options);
const checker = program.getTypeChecker();

const page = readFileSync(join(ROOT, PAGE), 'utf8');
const intro = page.slice(0, page.indexOf(`\n${HEAD}`) + 1);
if (intro === '') throw new Error(`${PAGE} has no table that begins with "${HEAD}".`);
const rows = [...rowsOf(optionsType(), '')];
const table = [
  `${HEAD}| Setting | Meaning |`,
  '| --- | --- | --- |',
  ...rows.map((cells) => `| ${cells.join(' | ')} |`),
];
const style = await resolveConfig(join(ROOT, PAGE));
const current = await format(`${intro}${table.join('\n')}\n`, { ...style, parser: 'markdown' });
if (process.argv.includes('--renew')) writeFileSync(join(ROOT, PAGE), current);
else if (current !== page) {
  process.stderr.write(`${PAGE} is not current. Run: npm run options\n`);
  process.exitCode = 1;
}

function optionsType() {
  const symbol = checker
    .getExportsOfModule(checker.getSymbolAtLocation(program.getSourceFile(SOURCE)))
    .find(({ name }) => name === 'AgentModuleOptions');
  return checker.getDeclaredTypeOfSymbol(symbol);
}

/** Yields the cells of each option, and of the fields of its options. */
function* rowsOf(type, parent) {
  for (const property of type.getProperties()) {
    const path = `${parent}${property.name}`;
    const [declaration] = property.declarations;
    yield [`\`${path}\``, settingOf(path), textOf(property)];
    const given = checker.getTypeOfSymbolAtLocation(property, declaration);
    for (const part of given.isUnion() ? given.types : [given]) {
      if (FLATTENED.test(part.symbol?.name ?? '')) yield* rowsOf(part, `${path}.`);
    }
  }
}

function textOf(property) {
  const text = ts.displayPartsToString(property.getDocumentationComment(checker)).replaceAll(/\s+/g, ' ');
  return text.replaceAll('|', '\\|');
}

/** The setting of the service, if it has one of that kind. */
function settingOf(path) {
  const name = variableOf(path, new Map());
  return settings.includes(`\n| \`${name}\` `) ? `\`${name}\`` : '';
}
