const { runAuditCommand } = await import('./service/audit.command.js');

process.exitCode = await runAuditCommand(process.argv.slice(2));
