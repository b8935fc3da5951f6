// Finds sentences that are hard to read in documents, comments, messages and test titles. `node .ci/prose.mjs` checks everything;
// `node .ci/prose.mjs docs/api.md src/runs` checks only these paths.
import { globSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..');
const DOCUMENTS = ['README.md', 'CHANGELOG.md', 'SECURITY.md', 'docs/*.md', 'examples/*/README.md'];
const SOURCES = [
  'src/**/*.ts',
  'examples/**/*.ts',
  'studio/**/*.{ts,tsx}',
  'bench/**/*.{ts,mjs}',
  'test/**/*.{ts,mjs}',
  '.ci/*.mjs',
  '.ci/walks/*.mjs',
  '*.ts',
];
/** Files whose comments begin with #. */
const CONFIGURATIONS = ['compose.yaml', 'Caddyfile', 'Dockerfile', '.dockerignore', '.ci/*.yaml'];
const GENERATED = new Set(['src/client/api.types.ts']);
const MAX_WORDS = 20;

/** Names of properties and classes whose texts are messages. */
const MESSAGES = new Set(['msg', 'message', 'detail', 'description', 'help', 'reason', 'problem']);
const FAILURE = /(Error|Away|Failure|InvalidValue|Exception|Interrupted)$/;

/** Calls whose first argument is a test title, or the event that a test waits for. */
const TITLED = /^(\(\w+ \? )?(it|test|describe\w*|until)\b/;

const FORBIDDEN = [
  [/^(Of|What|Whoever|Whatever|Whichever|Those (that|who)|Where)\b(?!.*\?$)/, 'begin with the subject'],
  [/\b(he|his|him|himself|she|her)\b/i, 'write "they"'],
  [/\b(is|are|was|were) no(?! (longer|more|less))\b/i, 'write "is not"'],
  [/\bthere (is|are) none\b|\b(is|are) none of\b/i, 'write "does not exist" or "has no"'],
  [/\b(doors?|floors?|rooms?|roads?|manners|wishes|asker|heeded|perhaps)\b/i, 'use the term of the field'],
  [/\btold\b|\btells? (of|it)\b/i, 'use the term of the field: send, report, show'],
  [/\bfor want of\b|\bcomes? about\b|\bhowever (long|deep|much|many|often)\b|\bwhoever\b/i, 'say it plainly'],
];

const FORBIDDEN_IN_TITLES = [
  ...FORBIDDEN,
  [/^(of|what|whoever|whatever|where|those|that|which|whose|and|but)\b/i, 'begin with the verb or the subject'],
  [/\b(anew|amid|under way|in vain|says? so|lets? go|goes? on|nobody)\b/i, 'say it plainly'],
];

const args = process.argv.slice(2).map((path) => relative(ROOT, join(process.cwd(), path)).split(sep).join('/'));
const isAsked = (file) => args.length === 0 || args.some((path) => file === path || file.startsWith(`${path}/`));
const filesOf = (patterns) =>
  patterns
    .flatMap((pattern) => globSync(pattern, { cwd: ROOT }))
    .map((file) => file.split(sep).join('/'))
    .filter((file) => isAsked(file) && !GENERATED.has(file) && statSync(join(ROOT, file)).isFile());

let faults = 0;
for (const file of filesOf(DOCUMENTS)) check(file, documentTexts);
for (const file of filesOf(SOURCES)) check(file, codeTexts);
for (const file of filesOf(CONFIGURATIONS)) check(file, commentTexts);
if (faults > 0) process.stderr.write(`${faults} sentences are hard to read. The rules are in .ci/prose.mjs.\n`);
process.exitCode = faults === 0 ? 0 : 1;

function check(file, textsOf) {
  for (const { text, line, isTitle } of textsOf(readFileSync(join(ROOT, file), 'utf8'), file)) {
    for (const sentence of sentencesOf(text)) {
      for (const advice of faultsOf(sentence, isTitle ? FORBIDDEN_IN_TITLES : FORBIDDEN)) {
        faults++;
        process.stdout.write(`${file}:${line}: ${advice}: ${sentence}\n`);
      }
    }
  }
}

function faultsOf(sentence, forbidden) {
  const count = sentence.split(/\s+/).filter((word) => /[\p{L}\d]/u.test(word)).length;
  const found = forbidden.filter(([pattern]) => pattern.test(sentence)).map(([, advice]) => advice);
  return count > MAX_WORDS ? [...found, `${count} words, at most ${MAX_WORDS}`] : found;
}

/** Splits a text into sentences. Links keep their text, code counts as one word, and quotations are skipped. */
function sentencesOf(text) {
  const plain = text
    .replace(/`[^`]*`/g, 'code')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/"[^"]*"/g, 'quotation')
    .replace(/\*\*|\s+/g, (found) => (found === '**' ? '' : ' '));
  return plain
    .split(/(?<=[.!?:;])\s+/)
    .map((sentence) => sentence.trim())
    .filter((sentence) => sentence !== '');
}

function blank(found) {
  return found.replace(/[^\n]/g, '');
}

/** Returns paragraphs, list items and table cells, without headings, code and comments. */
function documentTexts(text) {
  const lines = text
    .replace(/^ *```[\s\S]*?^ *```/gm, blank)
    .replace(/<!--[\s\S]*?-->/g, blank)
    .split('\n');
  const texts = [];
  lines.forEach((content, index) => {
    const line = index + 1;
    if (/^\s*(#|$)/.test(content)) texts.push({ text: '', line });
    else if (/^\s*\|/.test(content)) texts.push(...content.split('|').map((cell) => ({ text: cell, line })));
    else if (/^\s*([-*]|\d+\.)\s/.test(content) || (texts.at(-1)?.text ?? '') === '') {
      texts.push({ text: content.replace(/^\s*([-*]|\d+\.)\s+/, ''), line });
    } else texts.at(-1).text += ` ${content}`;
  });
  return texts;
}

/** Consecutive lines are one text. A tab begins a line of configuration. */
function commentTexts(text) {
  const texts = [];
  text.split('\n').forEach((content, index) => {
    const [, comment] = /^\s*#(?!\t) ?(.*)$/.exec(content) ?? [];
    if (comment === undefined) texts.push({ text: '', line: index + 1 });
    else if ((texts.at(-1)?.text ?? '') === '' || comment === '') texts.push({ text: comment, line: index + 1 });
    else texts.at(-1).text += ` ${comment}`;
  });
  return texts;
}

function codeTexts(text, file) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ESNext, true);
  const lineOf = (position) => source.getLineAndCharacterOfPosition(position).line + 1;
  const texts = [];
  const comments = new Map();
  const visit = (node) => {
    for (const { pos, end } of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) comments.set(pos, end);
    const message = messageIn(node);
    if (message !== undefined) texts.push({ text: message, line: lineOf(node.getStart()), isTitle: isTestTitle(node) });
    for (const child of node.getChildren(source)) visit(child);
  };
  visit(source);
  let last;
  for (const [position, end] of comments) {
    const comment = text.slice(position, end);
    const line = lineOf(position);
    // Adjacent line comments form one comment.
    if (comment.startsWith('//') && last?.line === line - 1)
      Object.assign(last, { line, text: `${last.text} ${bare(comment)}` });
    else if (comment.startsWith('//')) texts.push((last = { text: bare(comment), line }));
    else texts.push(...docTexts(comment).map((part) => ({ text: part, line })));
  }
  return texts;
}

/** The reason of a suppression follows the dashes. */
function bare(comment) {
  return /(oxlint|prettier|@ts)-/.test(comment) ? (comment.split(' -- ')[1] ?? '') : comment.slice(2);
}

/** Returns the parts of a docstring, without its examples. */
function docTexts(comment) {
  const body = comment
    .replace(/^\/\*+|\*+\/$/g, '')
    .replace(/^\s*\* ?/gm, '')
    .replace(/```[\s\S]*?```/g, '')
    .replace(/@example[\s\S]*?(?=^@|(?![\s\S]))/gm, '');
  return body.split(/\n\s*\n|^(?=@|- |\d+\. )/m).map((part) => part.replace(/^(@param \S+|@\w+|-|\d+\.)\s*/, ''));
}

function messageIn(node) {
  const { parent } = node;
  if (!ts.isStringLiteral(node) && !ts.isNoSubstitutionTemplateLiteral(node) && !ts.isTemplateExpression(node))
    return undefined;
  const isNamed = ts.isPropertyAssignment(parent) && MESSAGES.has(parent.name.getText());
  const isThrown = ts.isNewExpression(parent) && FAILURE.test(parent.expression.getText());
  if (!isNamed && !isThrown && !isTestTitle(node)) return undefined;
  return ts.isTemplateExpression(node)
    ? node
        .getText()
        .slice(1, -1)
        .replace(/\$\{[^}]*\}/g, 'value')
    : node.text;
}

function isTestTitle(node) {
  const { parent } = node;
  return ts.isCallExpression(parent) && parent.arguments[0] === node && TITLED.test(parent.expression.getText());
}
