// Runs one service after another: a start in a process that has run one takes a fifth of the CPU time. It runs as a child
// process: see warm.process.ts.
import { modules } from '../../../dist/app/modules.js';

const exit = process.exit.bind(process);
const on = process.on.bind(process);
/** The listeners of the service for signals. */
let listeners = [];
let isStopping = false;

process.on = (event, listener) => {
  if (event.startsWith('SIG')) listeners.push([event, listener]);
  return on(event, listener);
};
// A service that has shut down ends its process.
process.exit = (code) => {
  if (!isStopping) exit(code);
  for (const [event, listener] of listeners) process.off(event, listener);
  [listeners, isStopping] = [[], false];
  process.send('stopped');
};
// Without its reader, the end of a log would wait for ever.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));
process.on('message', (message) => (message === 'stop' ? stop() : void start(message)));

async function start({ folder, settings }) {
  process.chdir(folder);
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, settings);
  try {
    await modules['./dist/service/start.js']().startService([]);
  } catch (failure) {
    process.stderr.write(`${failure.message}\n`);
    exit(1);
  }
}

function stop() {
  const [, shutDown] = listeners.find(([event]) => event === 'SIGTERM') ?? [];
  // Without it, the service is not up yet.
  if (shutDown === undefined) exit(1);
  isStopping = true;
  shutDown('SIGTERM');
}
