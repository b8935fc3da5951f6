const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  throw new Error(
    `Rookery needs Node 24.9 or newer, this is ${process.versions.node}. On Linux \`npm start\` brings its own; elsewhere install it from https://nodejs.org.`,
  );
}

// Loaded only now, since older versions cannot load it at all.
const { startService } = await import('./service/start.js');

try {
  await startService();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
