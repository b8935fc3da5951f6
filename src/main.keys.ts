const { runKeysCommand } = await import('./service/keys.command.js');

process.exitCode = await runKeysCommand(process.argv.slice(2));
