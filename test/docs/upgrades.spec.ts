import { version } from '../../src/service/version.js';
import { textOf } from '../support/pages.js';

describe('the page about upgrades', () => {
  const page = textOf('docs/upgrades.md');

  it('has all that the changelog names to keep an old behaviour', () => {
    const sentences =
      textOf('CHANGELOG.md').match(/[^.]*\b(?:restores?|to keep|keeps?) (?:the|that) old [^.]*\./g) ?? [];
    const means = sentences.flatMap((sentence) => sentence.match(/`[A-Z_]+=[^`]+`|`\w+: [^`]+`/g) ?? []);
    expect(means.length).toBeGreaterThan(5);
    expect(means.filter((each) => !page.includes(each))).toEqual([]);
  });

  it('names settings that exist', () => {
    const settings = textOf('docs/settings.md');
    const named = Array.from(page.matchAll(/`([A-Z][A-Z_]+)(?:=[^`]*)?`/g), ([, name = '']) => name);
    expect(named.length).toBeGreaterThan(12);
    expect(named.filter((name) => name !== 'NODE_ENV' && !settings.includes(`\`${name}\``))).toEqual([]);
  });

  it('is about the version of the package', () => expect(page).toContain(` to ${version()}\n`));
});
