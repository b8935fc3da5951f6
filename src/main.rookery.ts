const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  throw new Error(
    `Rookery needs Node 24.9 or newer, this is ${process.versions.node}. \`npm run rookery\` uses a bundled Node on Linux. Elsewhere, install it from https://nodejs.org.`,
  );
}

// Imported after the check because older versions cannot load it.
const { runRookery } = await import('./service/commands/rookery.command.js');

await runRookery(process.argv.slice(2));
