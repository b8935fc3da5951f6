// Fills the columns Default and Values of the tables in docs/settings.md from the code: `npm run settings`. Without
// `--renew` it only checks them. Each setting has one row, in any group. The page owns the groups and the meanings.
import { readFileSync, writeFileSync } from 'node:fs';
import { getMetadataStorage } from 'class-validator';
import { format } from 'prettier';
import { Environment } from '../dist/service/settings/environment.js';
import { SECRETS } from '../dist/service/settings/secret.settings.js';

const PAGE = new URL('../docs/settings.md', import.meta.url);
const ROW = /^\| `([A-Z][A-Z0-9_]*)` +\|.*\| (.*?) +\|$/gm;

const rules = getMetadataStorage().getTargetValidationMetadatas(Environment, '', false, false);
const defaults = new Map(Object.entries(new Environment()).filter(([name]) => /^[A-Z][A-Z0-9_]*$/.test(name)));

const page = readFileSync(PAGE, 'utf8');
const [, intro = ''] = page.split('\n## ');
const listed = Array.from(page.matchAll(ROW), ([, name]) => name);
const faults = [
  ...[...defaults.keys()].filter((name) => !listed.includes(name)).map((name) => `${name} has no row`),
  ...listed.filter((name) => !defaults.has(name)).map((name) => `${name} is not a setting`),
  ...listed.filter((name, index) => listed.indexOf(name) < index).map((name) => `${name} has two rows`),
  ...[...SECRETS].filter((name) => !intro.includes(`\`${name}\``)).map((name) => `${name} is not listed as a secret`),
];

const options = {
  parser: 'markdown',
  ...JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).prettier,
};
const renewed = await format(page.replace(ROW, rowOf), options);
if (faults.length === 0 && process.argv.includes('--renew')) writeFileSync(PAGE, renewed);
else if (faults.length === 0 && renewed !== page) faults.push('the columns differ from the code: `npm run settings`');

for (const fault of faults) process.stderr.write(`docs/settings.md: ${fault}\n`);
process.exitCode = faults.length === 0 ? 0 : 1;

function rowOf(_, name, meaning) {
  const value = defaults.get(name) ?? '';
  return `| \`${name}\` | ${value === '' ? 'none' : `\`${value}\``} | ${valuesOf(name)} | ${meaning} |`;
}

/** Describes the values that the rules of a setting allow. An empty text: the meaning has them. */
function valuesOf(name) {
  const own = new Map(rules.filter(({ propertyName }) => propertyName === name).map((rule) => [rule.name, rule]));
  const [allowed] = own.get('isIn')?.constraints ?? [];
  if (allowed !== undefined) return allowed.map((value) => `\`${value}\``).join(', ');
  const text = [...own.values()].map(({ message }) => message).find((message) => typeof message === 'string');
  if (text !== undefined) return text.replace('$property must be ', '').replace('a comma-separated list', 'list');
  const [[least] = [], [most] = []] = ['min', 'max'].map((kind) => own.get(kind)?.constraints ?? []);
  if (least === undefined) return '';
  const kind = own.has('isInt') ? 'whole number' : 'number';
  return most === undefined ? `${kind} from ${least}` : `${kind} from ${least} to ${most}`;
}
