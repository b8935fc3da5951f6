import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { LabelValues } from './label.values.js';
import { METRIC } from './semantic.names.js';

const FAST = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** Whoever reads the metrics is not kept waiting by what is read for them. */
const LONGEST_READ_MS = 2000;
const SLOW = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** A value that is read when somebody asks for the metrics. */
export interface Reading {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** How a model call ended. */
export interface ModelCallEnd {
  readonly role: string;
  /** What was asked for. */
  readonly model: string;
  readonly seconds: number;
  /** '' for an answer, else the code of the error. */
  readonly error: string;
}

/**
 * What the agents of this process do, for Prometheus, in a registry of its own.
 *
 * @example
 * \@Get('metrics')
 * metrics() { return this.agentMetrics.text(); }
 */
@Injectable()
export class AgentMetrics {
  /** For further metrics of a host's own, and for merging with its registry. */
  readonly registry = new Registry();
  /** The media type of `text`. */
  readonly contentType = this.registry.contentType;

  readonly #roles = new LabelValues();
  readonly #models = new LabelValues();
  /** As providers name them: whatever that is, it takes no place of those that are asked for. */
  readonly #answered = new LabelValues();
  readonly #tools = new LabelValues();
  readonly #errors = new LabelValues();
  readonly #requests = this.#histogram(METRIC.requestDuration, 'Requests', ['method', 'route', 'status'], FAST);
  readonly #rateLimited = this.#counter(METRIC.rateLimited, 'Requests and runs refused as rate_limited', []);
  readonly #runs = this.#counter(METRIC.runs, 'Attempts at runs that have ended', ['role', 'status', 'error']);
  readonly #runDuration = this.#histogram(METRIC.runDuration, 'Attempts at runs', ['role'], SLOW);
  readonly #active = new Gauge({
    name: METRIC.runsActive,
    help: 'Attempts at runs under way',
    labelNames: ['kind'],
    registers: [this.registry],
  });
  readonly #modelCalls = this.#histogram(METRIC.modelDuration, 'Model calls', ['role', 'model', 'error'], SLOW);
  readonly #firstDelta = this.#histogram(
    METRIC.firstDelta,
    'Until the first text of a streamed answer',
    ['model'],
    FAST,
  );
  readonly #tokens = this.#counter(METRIC.tokens, 'Tokens used', ['role', 'model', 'direction']);
  readonly #cost = this.#counter(METRIC.cost, 'What models cost, in US dollars, where their prices are known', [
    'model',
  ]);
  readonly #toolCalls = this.#histogram(METRIC.toolDuration, 'Tool calls', ['tool', 'error'], FAST);

  /** @param status its class is counted. @param route its template, never a path that was asked for. */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  countRateLimited(): void {
    this.#rateLimited.inc();
  }

  beginRun(kind: string): void {
    this.#active.inc({ kind });
  }

  /** @param end `error` is '' where there was none. */
  endRun({ kind, role, status, error, seconds }: RunEnd): void {
    const known = this.#roles.of(role);
    this.#active.dec({ kind });
    this.#runs.inc({ role: known, status, error });
    this.#runDuration.observe({ role: known }, seconds);
  }

  endModelCall({ role, model, seconds, error }: ModelCallEnd): void {
    const labels = { role: this.#roles.of(role), model: this.#models.of(model), error: this.#errors.of(error) };
    this.#modelCalls.observe(labels, seconds);
  }

  firstDelta(model: string, seconds: number): void {
    this.#firstDelta.observe({ model: this.#models.of(model) }, seconds);
  }

  addTokens(role: string, model: string, used: { readonly inputTokens: number; readonly outputTokens: number }): void {
    const labels = { role: this.#roles.of(role), model: this.#answered.of(model) };
    add(this.#tokens, { ...labels, direction: 'input' }, used.inputTokens);
    add(this.#tokens, { ...labels, direction: 'output' }, used.outputTokens);
  }

  /** @param dollars what a model call has cost. */
  addCost(model: string, dollars: number): void {
    add(this.#cost, { model: this.#answered.of(model) }, dollars);
  }

  /** @param error '' or `error`. */
  endToolCall(tool: string, error: string, seconds: number): void {
    this.#toolCalls.observe({ tool: this.#tools.of(tool), error }, seconds);
  }

  /** Has values read whenever the metrics are asked for. Where that fails, or takes long, there are none. */
  observe(name: string, help: string, labelNames: readonly string[], read: () => Promise<readonly Reading[]>): void {
    const gauge = new Gauge({
      name,
      help,
      labelNames: [...labelNames],
      registers: [this.registry],
      async collect() {
        const readings = await inTime(read).catch(() => []);
        gauge.reset();
        // Without labels it has a value of 0 from the start, which nobody has read.
        if (readings.length === 0 && labelNames.length === 0) gauge.remove();
        for (const { labels, value } of readings) gauge.set(labels, value);
      },
    });
  }

  /** All of it in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  #counter(name: string, help: string, labelNames: string[]): Counter {
    return new Counter({ name, help, labelNames, registers: [this.registry] });
  }

  // oxlint-disable-next-line max-params -- a metric's parts
  #histogram(name: string, help: string, labelNames: string[], buckets: number[]): Histogram {
    return new Histogram({ name, help, labelNames, buckets, registers: [this.registry] });
  }
}

/** What a provider counts may be anything. */
function add(counter: Counter, labels: Record<string, string>, value: number): void {
  if (Number.isFinite(value) && value > 0) counter.inc(labels, value);
}

async function inTime(read: () => Promise<readonly Reading[]>): Promise<readonly Reading[]> {
  const { promise: late, resolve } = Promise.withResolvers<readonly Reading[]>();
  const timer = setTimeout(() => resolve([]), LONGEST_READ_MS);
  try {
    return await Promise.race([read(), late]);
  } finally {
    clearTimeout(timer);
  }
}

/** How an attempt at a run ended. */
export interface RunEnd {
  readonly kind: string;
  readonly role: string;
  readonly status: string;
  readonly error: string;
  readonly seconds: number;
}
