import 'reflect-metadata';

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 24 || (major === 24 && minor < 9)) {
  throw new Error(
    `The tests need Node 24.9 or newer, but this is ${process.versions.node}. Run \`npm test\`, which has its own Node on Linux.`,
  );
}
