const { runRookery } = await import('./service/commands/rookery.command.js');

await runRookery(process.argv.slice(2));
