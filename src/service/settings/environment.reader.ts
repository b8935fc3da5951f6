import { plainToInstance } from 'class-transformer';
import { validateSync } from 'class-validator';
import { Environment } from './environment.js';
import { readFallbacks } from './fallback.settings.js';
import { settingConflicts } from './settings.validation.js';

/** Settings whose values are not printed. URLs may contain passwords. */
const MAY_BE_SECRET = /_(KEY|UR[IL]|SECRET|ENDPOINT|HEADERS)$/;

/**
 * Reads and validates all settings. No other code reads environment variables.
 *
 * @throws Error that lists every invalid setting with its rule.
 */
export function readEnvironment(variables: NodeJS.ProcessEnv): Environment {
  const given = Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== ''));
  const environment = plainToInstance(Environment, given, {
    enableImplicitConversion: true,
    exposeDefaultValues: true,
  });
  // Sorts faults in the order of declaration, inherited settings first.
  const order = Object.keys(environment);
  const found = validateSync(environment).toSorted((a, b) => order.indexOf(a.property) - order.indexOf(b.property));
  const faults = found.flatMap(({ property, constraints = {} }) =>
    Object.values(constraints).map((rule) =>
      MAY_BE_SECRET.test(property) ? rule : `${rule}, not "${given[property]}"`,
    ),
  );
  const { fallbacks, faults: fallbackFaults } = readFallbacks(given);
  environment.fallbacks = fallbacks;
  faults.push(...fallbackFaults, ...settingConflicts(environment));
  if (faults.length > 0) throw new Error(`The settings are not valid:\n- ${faults.join('\n- ')}`);
  return environment;
}
