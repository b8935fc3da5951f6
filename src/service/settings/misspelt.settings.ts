/** A variable that is not a setting, and the setting that it probably means. */
export interface MisspeltSetting {
  readonly variable: string;
  readonly setting: string;
}

/** Names that other programs use for our settings. */
const ALIASES: Readonly<Record<string, string>> = {
  OPENAI_MODEL: 'AGENT_MODEL',
  OPENAI_API_BASE: 'OPENAI_BASE_URL',
  OPENAI_API_BASE_URL: 'OPENAI_BASE_URL',
};
/** Shorter names resemble too many others: there only a doubled or swapped letter counts. */
const MIN_CHARS_FOR_TYPOS = 8;
const MIN_CHARS_FOR_TWO_TYPOS = 12;
/** Kubernetes sets such variables for a service that is called rookery. */
const SERVICE_LINK = /^tcp:\/\//;

/**
 * Finds the variables that resemble a setting: with a typo, without one of its words, with a prefix, or in small letters.
 * The environment has many variables of other programs, so a rule that could match these is not used.
 *
 * @param known the names of all settings, also those of files and of other providers.
 */
export function misspeltSettings(
  variables: Readonly<Record<string, string | undefined>>,
  known: ReadonlySet<string>,
): MisspeltSetting[] {
  return Object.entries(variables).flatMap(([variable, value = '']) => {
    // A number at the end keeps a second value beside a setting.
    if (known.has(variable) || /\d$/.test(variable) || SERVICE_LINK.test(value)) return [];
    const setting = meantBy(variable, [...known]);
    return setting === undefined ? [] : [{ variable, setting }];
  });
}

function meantBy(variable: string, known: readonly string[]): string | undefined {
  const capital = variable.toUpperCase();
  if (capital !== variable) return variable.includes('_') ? known.find((name) => name === capital) : undefined;
  const alias = ALIASES[variable] ?? variable.replace(/^ROOKERY_/, '');
  if (known.includes(alias)) return alias;
  return nearest(variable, known) ?? known.find((name) => hasWordsOf(name, variable));
}

/** The setting with the fewest typos. */
function nearest(variable: string, known: readonly string[]): string | undefined {
  const close = known
    .map((name) => ({ name, typos: typosBetween(variable, name) }))
    .filter(({ name, typos }) => typos <= maxTypos(name) || isSlip(variable, name));
  return close.toSorted((one, other) => one.typos - other.typos).at(0)?.name;
}

function maxTypos({ length }: string): number {
  if (length < MIN_CHARS_FOR_TYPOS) return 0;
  return length < MIN_CHARS_FOR_TWO_TYPOS ? 1 : 2;
}

/** One letter is doubled, or two neighbours are swapped. */
function isSlip(variable: string, name: string): boolean {
  return name.split('').some((letter, index) => {
    const doubled = `${name.slice(0, index)}${letter}${name.slice(index)}`;
    const swapped = `${name.slice(0, index)}${name.slice(index + 1, index + 2)}${letter}${name.slice(index + 2)}`;
    return variable === doubled || (variable === swapped && index + 1 < name.length);
  });
}

/** Whether the variable consists of words of the setting, in its order, from the first one: `OPENAI_KEY`. */
function hasWordsOf(name: string, variable: string): boolean {
  const [words, given] = [name.split('_'), variable.split('_')];
  if (given.length < 2 || given[0] !== words[0]) return false;
  let next = 0;
  for (const word of words) if (word === given[next]) next++;
  return next === given.length;
}

/** The number of letters to insert, remove or replace. */
export function typosBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > 2) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (const [index, letter] of one.split('').entries()) {
    const next = [index + 1];
    for (const [column, otherLetter] of other.split('').entries()) {
      const [replaced = 0, above = 0, before = 0] = [row[column], row[column + 1], next[column]];
      next.push(Math.min(above + 1, before + 1, replaced + (letter === otherLetter ? 0 : 1)));
    }
    row = next;
  }
  return row.at(-1) ?? Infinity;
}
