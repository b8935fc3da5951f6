import { readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { TestEnvironment } from 'jest-environment-node';

/** Compiled once for each worker; each suite evaluates it anew. */
let script;

/** Gives each suite its own instance of the third-party packages. */
export default class VendorEnvironment extends TestEnvironment {
  constructor(config, context) {
    super(config, context);
    const file = config.projectConfig.testEnvironmentOptions.vendor;
    script ??= new Script(readFileSync(file, 'utf8'), { filename: file });
    let modules;
    /** @param require is the one of the suite. */
    this.global.vendorModules = (require) =>
      (modules ??= script.runInContext(this.context)(require, file, dirname(file), pathToFileURL(file).href));
  }
}
