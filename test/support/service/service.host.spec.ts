import { type Answer, chat } from '../clients/client.js';
import { string } from '../json.js';
import { OtlpCollector } from '../servers/otlp.collector.js';
import { until } from '../until.js';
import { removeServices, type Service, startService } from './service.js';

const CHATS = 10;

afterEach(removeServices);

/** The requests whose runs are in the log. */
function runsIn({ logs }: Service): string[] {
  return logs.flatMap(({ msg, request_id }) => (msg === 'run finished' ? [string(request_id)] : [])).toSorted();
}

function requestsOf(answers: readonly Answer[]): string[] {
  return answers.map(({ headers }) => string(headers['x-request-id'])).toSorted();
}

describe('a service beside others in one process', () => {
  it('gets the lines of its own runs in its log, and no others', async () => {
    const services = await Promise.all([startService(), startService()]);
    const chatWith = (service: Service): Promise<Answer[]> =>
      Promise.all(Array.from({ length: CHATS }, () => chat(service, { message: 'Hello' })));
    const answers = await Promise.all(services.map(chatWith));
    await until('the runs are logged', () => services.flatMap(runsIn).length >= 2 * CHATS);
    expect(services.map(runsIn)).toEqual(answers.map(requestsOf));
  });

  it('has its own level of the log, also for the lines of Nest', async () => {
    const levels = ['info', 'debug', 'info', 'debug'];
    const services = await Promise.all(levels.map((LOG_LEVEL) => startService({ LOG_LEVEL })));
    const ofNest = services.map(({ logs }) => logs.filter(({ context }) => context === 'InstanceLoader').length > 0);
    expect(ofNest).toEqual([false, true, false, true]);
    expect(services.map(({ logs }) => logs.some(({ level }) => level === 'debug'))).toEqual(ofNest);
  });

  it('sends its own spans to its own collector, if it has one', async () => {
    const collectors = await Promise.all([OtlpCollector.start(), OtlpCollector.start()]);
    const traced = collectors.map(({ url }, index) =>
      startService({ OTEL_EXPORTER_OTLP_ENDPOINT: url, OTEL_SERVICE_NAME: `service-${index}` }),
    );
    const services = await Promise.all([...traced, startService()]);
    const answers = await Promise.all(services.map((service) => chat(service, { message: 'Hello' })));
    const ids = answers.map(({ headers }) => string(headers['x-request-id']));
    const lines = await until('the chats are logged', () => {
      const found = services.map((service, index) => service.logsOf(ids[index] ?? '').find(({ route }) => route));
      return found.every((line) => line !== undefined) && found;
    });
    await removeServices();
    const ofChats = collectors.map(({ spans }) => spans.filter(({ name }) => name.startsWith('POST')));
    expect(ofChats.map((spans) => spans.map(({ traceId }) => traceId))).toEqual(
      lines.slice(0, 2).map(({ trace_id }) => [trace_id]),
    );
    expect(collectors.map(({ resource }) => resource.get('service.name'))).toEqual(['service-0', 'service-1']);
    expect(lines[2]).not.toHaveProperty('trace_id');
    await Promise.all(collectors.map((collector) => collector.close()));
  });

  it('is reported if it writes into the folder of the process', async () => {
    await startService({ DATABASE_URL: 'file:./of-all.db' });
    await expect(removeServices()).rejects.toThrow(/files in the working directory .* to of-all\.db/);
  });

  it('does not start with wrong settings, and says why', async () => {
    const other = await startService();
    await expect(startService({ PORT: 'none' })).rejects.toThrow(/PORT must be/);
    await expect(chat(other, { message: 'Hello' })).rejects.toThrow(/ECONNREFUSED/);
    const next = await startService();
    expect((await chat(next, { message: 'Hello' })).status).toBe(200);
  });
});
