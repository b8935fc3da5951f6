// Checks the docstrings of the public API: all exports of the package and their public members have one, and their
// examples compile. The example of a property is a value; all others are modules.
import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const GENERATED = 'src/client/api.types.ts';
/** Any other tag is a decorator of an example without its `\`: editors end the example there. */
const TAGS = new Set(['deprecated', 'example', 'param', 'returns', 'throws']);
/** Nest calls these methods, not the host. */
const HOOK = /^(on[A-Z]|before|after|handleConnection)/;
const WITH_EXAMPLE_ON_METHODS = /(Client|Service)$/;
/** Names that an example may use without a declaration. */
const CONTEXT = `declare global {
  const client: import('rookery/client').RookeryClient;
  const runner: import('rookery').AgentRunnerService;
  const tasks: import('rookery').TasksService;
  const runs: import('rookery').RunsService;
  const keys: import('rookery').KeysService;
  const switches: import('rookery').SwitchesService;
  const approvals: import('rookery').ApprovalsService;
  const audit: import('rookery').AuditService;
  class PoetAgent {}
}`;

const { exports } = readJson('package.json');
/** The source of each entry point. */
const entries = Object.values(exports).map(({ types }) =>
  join(ROOT, types.replace('./dist/', 'src/').replace('.d.ts', '.ts')),
);
const { compilerOptions } = readJson('tsconfig.json');
const { options } = ts.convertCompilerOptionsFromJson(
  { ...compilerOptions, moduleDetection: 'force', noUnusedLocals: false, noUnusedParameters: false },
  ROOT,
);

/** Examples are compiled as files beside `src/index.ts`, so that they import the package as an application does. */
const virtual = new Map();
const parsed = new Map();
const disk = ts.createCompilerHost(options, true);
const host = { ...disk, getSourceFile: parse };

const program = ts.createProgram(entries, options, host);
const checker = program.getTypeChecker();
const examples = [];
const seen = new Set();
let faults = 0;
for (const file of entries) checkEntry(program.getSourceFile(file));
compileExamples();
if (faults > 0) process.stderr.write(`${faults} faults in docstrings. The rules are in .ci/docstrings.mjs.\n`);
process.exitCode = faults === 0 ? 0 : 1;

function readJson(name) {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8'));
}

function parse(file, ...rest) {
  const text = virtual.get(file);
  if (text !== undefined) return ts.createSourceFile(file, text, ...rest);
  if (!parsed.has(file)) parsed.set(file, disk.getSourceFile(file, ...rest));
  return parsed.get(file);
}

function checkEntry(source) {
  const symbols = checker.getExportsOfModule(checker.getSymbolAtLocation(source));
  if (symbols.length === 0) report(source, 0, 'has no exports');
  for (const symbol of symbols) checkExport(resolved(symbol), symbol.name);
}

function resolved(symbol) {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

function checkExport(symbol, name) {
  const members = membersOf(symbol);
  checkSymbol(symbol, name, needsExample(symbol, name, members));
  for (const member of members) {
    const isCalled = isMethod(member) && !HOOK.test(member.name);
    checkSymbol(member, `${name}.${member.name}`, isCalled && WITH_EXAMPLE_ON_METHODS.test(name), isDto(symbol));
  }
}

function checkSymbol(symbol, name, isExampleNeeded, isField = false) {
  const [place] = symbol.declarations;
  if (seen.has(place)) return;
  seen.add(place);
  const source = place.getSourceFile();
  const tags = symbol.declarations.flatMap((declaration) => ts.getJSDocTags(declaration));
  // It says which name replaces this one.
  if (tags.some(({ tagName }) => tagName.text === 'deprecated')) return;
  const codes = tags.filter(({ tagName }) => tagName.text === 'example');
  const at = (ts.getNameOfDeclaration(place) ?? place).getStart();
  // The contract describes the fields of a DTO: a docstring would change it.
  const isDescribed = isField || symbol.getDocumentationComment(checker).length > 0;
  if (!isDescribed) report(source, at, `${name} has no docstring`);
  if (isExampleNeeded && codes.length === 0) report(source, at, `${name} has no @example`);
  for (const { pos, tagName } of tags) {
    if (!TAGS.has(tagName.text)) report(source, pos, `@${tagName.text}: write \\@ in an example`);
  }
  for (const tag of codes) examples.push({ tag, source, value: ts.isPropertyDeclaration(place) ? place : undefined });
}

/** Functions such as decorators, classes such as ports, options and interfaces with methods need an example. */
function needsExample(symbol, name, members) {
  const isCode = (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) !== 0;
  return !isDto(symbol) && (isCode || name.endsWith('Options') || members.some(isMethod));
}

function isDto({ declarations }) {
  return declarations.some((each) =>
    ts.getDecorators(each)?.some(({ expression }) => expression.getText().startsWith('ApiSchema(')),
  );
}

function isMethod({ flags }) {
  return (flags & ts.SymbolFlags.Method) !== 0;
}

/** Returns the public members that this project declares, of each part of a union. */
function membersOf(symbol) {
  const { Class, Interface, TypeAlias } = ts.SymbolFlags;
  if (!(symbol.flags & (Class | Interface | TypeAlias))) return [];
  const type = checker.getDeclaredTypeOfSymbol(symbol);
  const types = type.isUnion() ? type.types : [type];
  const members = types.flatMap((each) => checker.getPropertiesOfType(each));
  const statics = symbol.flags & Class ? checker.getPropertiesOfType(checker.getTypeOfSymbol(symbol)) : [];
  return [...members, ...statics].filter(({ declarations: [place] = [] }) => place && isOwn(place) && isPublic(place));
}

function isOwn(declaration) {
  const path = relative(ROOT, declaration.getSourceFile().fileName);
  return path.startsWith('src/') && path !== GENERATED;
}

function isPublic(declaration) {
  const isHidden = ts.getCombinedModifierFlags(declaration) & (ts.ModifierFlags.Private | ts.ModifierFlags.Protected);
  return !isHidden && !(declaration.name && ts.isPrivateIdentifier(declaration.name));
}

/** Compiles each example as a module beside its source. */
function compileExamples() {
  if (examples.length === 0) throw new Error('The public API has no @example.');
  const places = new Map(examples.map((example, index) => [join(ROOT, 'src', `example.${index}.ts`), example]));
  const context = join(ROOT, 'src', 'example.context.ts');
  virtual.set(context, CONTEXT);
  for (const [file, example] of places) virtual.set(file, moduleOf(example));
  const compiled = ts.createProgram([...places.keys(), context], options, host, program);
  reportErrors(compiled, context);
  for (const [file, { tag, source }] of places) {
    reportErrors(compiled, file, source, tag);
    reportDeprecated(compiled, file, source, tag);
  }
}

/** Reports names that an application should no longer use. */
function reportDeprecated(compiled, file, source, tag) {
  const types = compiled.getTypeChecker();
  const visit = (node) => {
    if (ts.isIdentifier(node) && symbolsOf(node, types).some((symbol) => isDeprecated(symbol, types))) {
      report(source, tag.pos, `the example uses ${node.text}, which is deprecated`);
    }
    ts.forEachChild(node, visit);
  };
  visit(compiled.getSourceFile(file));
}

/** Returns what a name stands for: a declaration, or a property that an object literal sets or a pattern reads. */
function symbolsOf(name, types) {
  const { parent } = name;
  const isSet = ts.isObjectLiteralElement(parent) && ts.isObjectLiteralExpression(parent.parent);
  const owner = isSet
    ? types.getContextualType(parent.parent)
    : ts.isBindingElement(parent) && types.getTypeAtLocation(parent.parent);
  return [types.getSymbolAtLocation(name), owner && owner.getProperty(name.text)].filter(Boolean);
}

function isDeprecated(symbol, types) {
  const nodes = (symbol.declarations ?? []).map((each) => (ts.isExportSpecifier(each) ? each.parent.parent : each));
  if (nodes.some((node) => ts.getJSDocDeprecatedTag(node))) return true;
  return (symbol.flags & ts.SymbolFlags.Alias) !== 0 && isDeprecated(types.getImmediateAliasedSymbol(symbol), types);
}

/** The module has as many lines as the example. */
function moduleOf({ tag, source, value }) {
  const text = (ts.getTextOfJSDocComment(tag.comment) ?? '').replaceAll('\\@', '@');
  if (!value) return text;
  const from = `./${relative(join(ROOT, 'src'), source.fileName).replace(/\.ts$/, '.js')}`;
  return `void ((${text}) satisfies import('${from}').${value.parent.name.text}['${value.name.text}'] | undefined);`;
}

function reportErrors(compiled, file, source, tag) {
  const example = compiled.getSourceFile(file);
  for (const error of [...compiled.getSyntacticDiagnostics(example), ...compiled.getSemanticDiagnostics(example)]) {
    const message = ts.flattenDiagnosticMessageText(error.messageText, '\n');
    if (!tag) throw new Error(message);
    const { line } = example.getLineAndCharacterOfPosition(error.start);
    // The text of an example begins with its first word, which may follow on a later line.
    const start = tag.tagName.end + source.text.slice(tag.tagName.end).search(/[^\s*]/);
    report(source, start, `the example does not compile: ${message}`, line);
  }
}

function report(source, position, message, lines = 0) {
  faults++;
  const { line } = source.getLineAndCharacterOfPosition(position);
  process.stdout.write(`${relative(ROOT, source.fileName)}:${line + lines + 1}: ${message}\n`);
}
