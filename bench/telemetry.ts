import { once } from 'node:events';
import { createServer } from 'node:http';
import { measureThroughput, type ThroughputOptions } from './throughput.ts';
import type { Outcome } from './stage.ts';
import { print } from './report.ts';

/** The highest allowed CPU of a chat with spans, relative to one without. */
const MAX_RATIO = 1.15;

/** Measures chats with and without spans; a collector on loopback discards the spans. */
export async function measureTelemetry(
  options: Omit<ThroughputOptions, 'kind' | 'names' | 'variant'>,
): Promise<Outcome> {
  let bytes = 0;
  const collector = createServer((request, response) => {
    request.on('data', (chunk: Buffer) => (bytes += chunk.length));
    request.on('end', () => response.end());
  });
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  if (typeof address !== 'object' || !address) throw new Error('The collector does not listen.');
  const settings = { OTEL_EXPORTER_OTLP_ENDPOINT: `http://127.0.0.1:${address.port}` };
  const variant = { name: 'traced', maxRatio: MAX_RATIO, settings };
  const outcome = await measureThroughput({ ...options, kind: 'chat', names: ['service'], variant });
  collector.close();
  print(`  the collector got ${Math.round(bytes / 1024)} KiB`);
  return bytes > 0 ? outcome : { ...outcome, faults: [...outcome.faults, 'telemetry: the collector got no span'] };
}
