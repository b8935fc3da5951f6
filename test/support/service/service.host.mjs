// Runs services beside each other, each with its own settings, database and port. It runs as a child process: see
// service.host.ts. A start in code that has run before takes a fifth of the CPU time.
import { AsyncLocalStorage, AsyncResource } from 'node:async_hooks';
import { subscribe } from 'node:diagnostics_channel';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { modules } from '../../../dist/app/modules.js';

/** A line of the log waits that long for the next ones. */
const BATCH_MS = 10;

/** The levels of the log, the least one first. */
const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];
/** The first field of a line. */
const LEVEL = /^\{"level":"(\w+)"/;

/** The log of the service whose code runs. Nest has one logger for the process, so its lines do not tell. */
const current = new AsyncLocalStorage();
const services = new Map();
/** A relative path of a service leads into this folder, which stays empty. */
const folder = mkdtempSync(join(tmpdir(), 'rookery-host-'));

/** The services that start, run or stop. */
let active = 0;

process.chdir(folder);
process.on('message', ({ id, variables }) => void (variables === undefined ? stop(id) : start(id, variables)));
// Its services are for the process that has started it.
process.on('disconnect', () => {
  rmSync(folder, { recursive: true, force: true });
  process.kill(process.pid, 'SIGKILL');
});
// The server accepts it in the context of its service, but the events of the socket would have none.
subscribe('net.server.socket', ({ socket }) => (socket.emit = AsyncResource.bind(socket.emit.bind(socket))));
shareTelemetry();
const stateBefore = stateOfProcess();

async function start(id, variables) {
  active += 1;
  const log = new ServiceLog(id);
  const application = current.run(log, () => listen(variables, log));
  services.set(id, { application, log });
  await application.catch((failure) => {
    services.delete(id);
    log.tell('failed', failure.message);
  });
}

async function listen(variables, log) {
  const { readEnvironment } = modules['./dist/service/settings/environment.reader.js']();
  const environment = readEnvironment(variables);
  // The logger of Nest must write the lines of each service. Its log drops those below its level.
  log.least = LEVELS.indexOf(environment.LOG_LEVEL);
  [environment.LOG_LEVEL] = LEVELS;
  const application = modules['./dist/service/application.js']();
  return await application.listen(environment, logOfCurrent);
}

async function stop(id) {
  const { application, log } = services.get(id) ?? {};
  // Its start has failed in between.
  if (application === undefined || !services.delete(id)) return;
  await current.run(log, async () => (await application).close());
  // A closed port is free at the end of a turn of the event loop.
  for (let turns = 0; turns < 3; turns += 1) await setImmediate();
  active -= 1;
  log.tell('stopped', active === 0 ? changesOfProcess() : '');
}

/** OpenTelemetry has one provider of tracers for a process, and so on. Here each service has its own. */
function shareTelemetry() {
  Object.defineProperty(globalThis, Symbol.for('opentelemetry.js.api.1'), {
    get: () => current.getStore()?.telemetry,
    set: (telemetry) => {
      const log = current.getStore();
      // The library sets it again before each change.
      if (telemetry === log.telemetry) return;
      log.telemetry = Object.defineProperty(telemetry, 'trace', {
        get: () => log.tracers,
        set: (tracers) => {
          log.tracers = withOwnProvider(tracers);
        },
      });
    },
  });
}

/** The library registers one object for all services, and then sets the provider of one in it. */
function withOwnProvider(tracers) {
  return Object.defineProperty(tracers, '_delegate', {
    configurable: true,
    get: () => current.getStore()?.provider,
    set: (provider) => {
      current.getStore().provider = provider;
    },
  });
}

/** Returns the state of the process, which the services share, as text. */
function stateOfProcess() {
  const listeners = process.eventNames().map((name) => [String(name), process.listenerCount(name)]);
  return {
    variables: JSON.stringify(process.env),
    'working directory': process.cwd(),
    'files in the working directory': readdirSync(folder).join(),
    'event listeners': JSON.stringify(listeners.toSorted(([one], [other]) => one.localeCompare(other))),
    'open ports': String(process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length),
  };
}

/** Returns what services have changed and not put back; an empty text: nothing. */
function changesOfProcess() {
  const state = stateOfProcess();
  return Object.keys(state)
    .filter((name) => state[name] !== stateBefore[name])
    .map((name) => `A service has changed the ${name} of its process from ${stateBefore[name]} to ${state[name]}.`)
    .join('\n');
}

const logOfCurrent = {
  write(line) {
    const log = current.getStore();
    if (log === undefined) throw new Error(`It is not known which service writes this line: ${line}`);
    log.write(line);
  },
};

/** Sends the lines of a service. */
class ServiceLog {
  least = 0;
  /** The global objects of its tracing, if it has any. */
  telemetry;
  tracers;
  provider;
  #lines = '';
  #timer;

  constructor(id) {
    this.id = id;
  }

  write(line) {
    if (LEVELS.indexOf(LEVEL.exec(line)[1]) < this.least) return;
    this.#lines += line;
    this.#timer ??= setTimeout(() => this.#flush(), BATCH_MS);
  }

  /** Tells an event after all lines. */
  tell(event, text) {
    this.#flush();
    process.send({ id: this.id, event, text });
  }

  #flush() {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#lines !== '') process.send({ id: this.id, event: 'log', text: this.#lines });
    this.#lines = '';
  }
}
