/**
 * Loads a module. The bundle of the service leaves this file out: inside it, `import` would be `require`, which cannot
 * load modules that wait at their top level.
 */
export async function importModule(url: string): Promise<object> {
  const loaded: unknown = await import(url);
  return typeof loaded === 'object' && loaded !== null ? loaded : {};
}
