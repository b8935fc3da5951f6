import { inspect } from 'node:util';
import { Logger } from '@nestjs/common';

const { jest } = import.meta;

/** Keeps log output out of the output of a test file; returns the warnings. */
export function keepQuiet(): { warnings: string[] } {
  const captured = { warnings: new Array<string>() };
  beforeEach(() => {
    captured.warnings = [];
    jest.spyOn(Logger.prototype, 'log').mockImplementation(() => undefined);
    jest.spyOn(Logger.prototype, 'debug').mockImplementation(() => undefined);
    jest
      .spyOn(Logger.prototype, 'warn')
      .mockImplementation((line: unknown) => void captured.warnings.push(inspect(line)));
  });
  afterEach(() => jest.restoreAllMocks());
  return captured;
}
