// Preloaded into a service: writes a line to stderr if its event loop stands still. It counts CPU time of the main thread,
// so a busy machine does not count.
const TICK_MS = 5;
const LIMIT_MS = 50;
const MICROS = 1000;

let before = process.threadCpuUsage();
setInterval(() => {
  const { user, system } = process.threadCpuUsage(before);
  const stalledMs = (user + system) / MICROS;
  if (stalledMs > LIMIT_MS) process.stderr.write(`the event loop stood still for ${stalledMs.toFixed(0)} ms\n`);
  before = process.threadCpuUsage();
}, TICK_MS).unref();
