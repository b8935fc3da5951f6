// npm runs this before `npm pack`, before `npm publish` and before `npm run pack`. Only the last one packs the module.
if (!process.env.npm_command?.startsWith('run')) {
  process.stderr.write('This folder holds the service. Run `npm run pack` to pack the module for Nest applications.\n');
  process.exit(1);
}
await import('./prepare.mjs');
