// Runs commands one after the other in one process, which loads their code once. It runs as a child process: see
// commands.ts.
import { runRookery } from '../../../dist/service/commands/rookery.command.js';

let written;
for (const name of ['stdout', 'stderr']) {
  process[name].write = (text, ...rest) => {
    written[name] += text;
    const done = rest.at(-1);
    if (typeof done === 'function') done();
    return true;
  };
}

process.on('message', (command) => void run(command));
process.on('disconnect', () => process.exit());

async function run({ args, cwd, env }) {
  written = { stdout: '', stderr: '' };
  process.chdir(cwd);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = 0;
  await runRookery(args);
  process.send({ exitCode: process.exitCode, ...written });
}
