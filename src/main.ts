const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  throw new Error(
    `Rookery needs Node 24.9 or newer, this is ${process.versions.node}. On Linux, \`npm start\` uses a bundled Node. Elsewhere, install it from https://nodejs.org.`,
  );
}

// Imported after the check because older versions cannot load it.
const { startService } = await import('./service/start.js');

try {
  await startService(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
