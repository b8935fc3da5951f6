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
const MAX_TYPOS = 2;
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
  const names = [...known];
  return Object.entries(variables).flatMap(([variable, value = '']) => {
    // A number at the end keeps a second value beside a setting.
    if (known.has(variable) || /\d$/.test(variable) || SERVICE_LINK.test(value)) return [];
    const setting = meantBy(variable, names);
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
  const at = firstDifference(variable, name);
  const isDoubled = variable[at] === variable[at - 1] && variable.slice(at + 1) === name.slice(at);
  const isSwapped = variable[at] === name[at + 1] && variable[at + 1] === name[at];
  return isDoubled || (isSwapped && variable.slice(at + 2) === name.slice(at + 2));
}

function firstDifference(one: string, other: string): number {
  let index = 0;
  while (index < one.length && one[index] === other[index]) index++;
  return index;
}

/** Whether the variable consists of words of the setting, in its order, from the first one: `OPENAI_KEY`. */
function hasWordsOf(name: string, variable: string): boolean {
  const [words, given] = [name.split('_'), variable.split('_')];
  if (given.length < 2 || given[0] !== words[0]) return false;
  let next = 0;
  for (const word of words) if (word === given[next]) next++;
  return next === given.length;
}

/** The number of letters to insert, remove or replace; Infinity: more than two. */
export function typosBetween(one: string, other: string): number {
  if (Math.abs(one.length - other.length) > MAX_TYPOS) return Infinity;
  let row = Array.from({ length: other.length + 1 }, (_, index) => index);
  for (let index = 0; index < one.length; index++) {
    const next = [index + 1];
    let least = Infinity;
    for (let column = 0; column < other.length; column++) {
      const [replaced = 0, above = 0, before = 0] = [row[column], row[column + 1], next[column]];
      const typos = Math.min(above + 1, before + 1, replaced + (one[index] === other[column] ? 0 : 1));
      least = Math.min(least, typos);
      next.push(typos);
    }
    // The environment has many names, and most differ in their first letters.
    if (Math.min(least, index + 1) > MAX_TYPOS) return Infinity;
    row = next;
  }
  return row.at(-1) ?? Infinity;
}

/** The warning of a misspelt setting. */
export function didYouMean({ variable, setting }: MisspeltSetting): string {
  return `${variable} is not a setting. Did you mean ${setting}?`;
}
