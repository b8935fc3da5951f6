#!/usr/bin/env node
// The command of the package. An older Node can load this file, and no other of this folder.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major > 24 || (major === 24 && minor >= 9)) {
  const { runLibrary } = await import('./library.command.js');
  await runLibrary(process.argv.slice(2));
} else {
  process.stderr.write(
    `Rookery needs Node 24.9 or newer, this is ${process.versions.node}. Install it from https://nodejs.org.\n`,
  );
  process.exitCode = 1;
}
