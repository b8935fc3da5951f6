import { Injectable } from '@nestjs/common';
import { Counter, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../async/within.js';
import { LabelValues } from './label.values.js';
import { METRIC } from './semantic.names.js';

const FAST_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];
/** A slower read yields no values, so that it does not delay the scrape. */
const MAX_READ_MS = 2000;
const SLOW_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 900];

/** A value that is read during a scrape. */
export interface GaugeReading {
  readonly labels: Record<string, string>;
  readonly value: number;
}

/** The end of a model call. */
export interface ModelCallEnd {
  readonly role: string;
  /** The requested model. */
  readonly model: string;
  readonly seconds: number;
  /** '' for a success, else the code of the error. */
  readonly error: string;
}

/**
 * Prometheus metrics of the agents in this process, with their own registry. `AgentModule` provides it and records all
 * values.
 *
 * @example
 * import { Controller, Get, Header } from '@nestjs/common';
 * import { AgentMetrics } from 'rookery';
 *
 * \@Controller('metrics')
 * export class MetricsController {
 *   constructor(private readonly agentMetrics: AgentMetrics) {}
 *
 *   \@Get()
 *   \@Header('content-type', 'text/plain; version=0.0.4')
 *   metrics() {
 *     return this.agentMetrics.text();
 *   }
 * }
 */
@Injectable()
export class AgentMetrics {
  /** For a host's own metrics, and for merging with its registry. */
  readonly registry = new Registry();
  /** The media type of `text`. */
  readonly contentType = this.registry.contentType;

  readonly #roles = new LabelValues();
  readonly #models = new LabelValues();
  /** Models as providers name them. They do not count against the limit of requested models. */
  readonly #answered = new LabelValues();
  readonly #tools = new LabelValues();
  readonly #errors = new LabelValues();
  readonly #requests = this.#seconds(METRIC.requestDuration, 'Duration of HTTP requests.', 'method', 'route', 'status');
  readonly #rateLimited = this.#counter(METRIC.rateLimited, 'Requests and runs refused with rate_limited.');
  readonly #authFailures = this.#counter(METRIC.authFailures, 'Failed authentications.', 'reason');
  readonly #runs = this.#counter(METRIC.runs, 'Finished attempts at runs.', 'role', 'status', 'error');
  readonly #runDuration = this.#minutes(METRIC.runDuration, 'Duration of attempts at runs.', 'role');
  readonly #active = new Gauge(this.#metric(METRIC.runsActive, 'Attempts at runs in progress.', 'kind'));
  readonly #modelCalls = this.#minutes(METRIC.modelDuration, 'Duration of model calls.', 'role', 'model', 'error');
  readonly #firstDelta = this.#seconds(METRIC.firstDelta, 'Time until the first text of a streamed answer.', 'model');
  readonly #tokens = this.#counter(METRIC.tokens, 'Tokens used.', 'role', 'model', 'direction');
  readonly #cost = this.#counter(METRIC.cost, 'Cost of models with known prices, in US dollars.', 'model');
  readonly #toolCalls = this.#seconds(METRIC.toolDuration, 'Duration of tool calls.', 'tool', 'error');

  /**
   * Records an HTTP request. Call it for the requests of your own server.
   *
   * @param route the template of the route, never the requested path.
   * @param status recorded as its class.
   * @param seconds the duration.
   */
  observeRequest(method: string, route: string, status: number, seconds: number): void {
    this.#requests.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds);
  }

  /** Counts a request or run that was refused with `rate_limited`. */
  countRateLimited(): void {
    this.#rateLimited.inc();
  }

  /**
   * Counts a failed authentication.
   *
   * @param reason a word of a small set, such as `expired`.
   */
  countAuthFailure(reason: string): void {
    this.#authFailures.inc({ reason });
  }

  /**
   * Counts an attempt at a run as active.
   *
   * @param kind `chat`, `stream` or `task`.
   */
  beginRun(kind: string): void {
    this.#active.inc({ kind });
  }

  /**
   * Records the end of an attempt at a run.
   *
   * @param end its `error` is '' for a success.
   */
  endRun({ kind, role, status, error, seconds }: RunEnd): void {
    const known = this.#roles.of(role);
    this.#active.dec({ kind });
    this.#runs.inc({ role: known, status, error });
    this.#runDuration.observe({ role: known }, seconds);
  }

  /** Records the end of a model call. */
  endModelCall({ role, model, seconds, error }: ModelCallEnd): void {
    const labels = { role: this.#roles.of(role), model: this.#models.of(model), error: this.#errors.of(error) };
    this.#modelCalls.observe(labels, seconds);
  }

  /** Records the seconds until the first text of a streamed answer. */
  firstDelta(model: string, seconds: number): void {
    this.#firstDelta.observe({ model: this.#models.of(model) }, seconds);
  }

  /**
   * Counts the tokens of a model call.
   *
   * @param model the model that answered, as its provider names it.
   */
  addTokens(role: string, model: string, used: { readonly inputTokens: number; readonly outputTokens: number }): void {
    const labels = { role: this.#roles.of(role), model: this.#answered.of(model) };
    add(this.#tokens, { ...labels, direction: 'input' }, used.inputTokens);
    add(this.#tokens, { ...labels, direction: 'output' }, used.outputTokens);
  }

  /**
   * Counts the cost of a model call.
   *
   * @param dollars the cost of one model call.
   */
  addCost(model: string, dollars: number): void {
    add(this.#cost, { model: this.#answered.of(model) }, dollars);
  }

  /**
   * Records the end of a tool call.
   *
   * @param error '' or `error`.
   * @param seconds the duration.
   */
  endToolCall(tool: string, error: string, seconds: number): void {
    this.#toolCalls.observe({ tool: this.#tools.of(tool), error }, seconds);
  }

  /** Adds a gauge whose values are read during each scrape. A failed or slow read yields no values. */
  observe(
    name: string,
    help: string,
    labelNames: readonly string[],
    read: () => Promise<readonly GaugeReading[]>,
  ): void {
    const gauge = new Gauge({
      ...this.#metric(name, help, ...labelNames),
      async collect() {
        const readings = await withTimeout(read).catch(() => []);
        gauge.reset();
        // A gauge without labels starts at 0, which was never read.
        if (readings.length === 0 && labelNames.length === 0) gauge.remove();
        for (const { labels, value } of readings) gauge.set(labels, value);
      },
    });
  }

  /** All metrics in the text format of Prometheus. */
  text(): Promise<string> {
    return this.registry.metrics();
  }

  #metric(name: string, help: string, ...labelNames: string[]) {
    return { name, help, labelNames, registers: [this.registry] };
  }

  #counter(name: string, help: string, ...labels: string[]): Counter {
    return new Counter(this.#metric(name, help, ...labels));
  }

  /** A histogram of durations up to a minute. */
  #seconds(name: string, help: string, ...labels: string[]): Histogram {
    return new Histogram({ ...this.#metric(name, help, ...labels), buckets: FAST_BUCKETS });
  }

  /** A histogram of durations up to a quarter of an hour. */
  #minutes(name: string, help: string, ...labels: string[]): Histogram {
    return new Histogram({ ...this.#metric(name, help, ...labels), buckets: SLOW_BUCKETS });
  }
}

/** Ignores invalid amounts: a provider may report anything. */
function add(counter: Counter, labels: Record<string, string>, value: number): void {
  if (Number.isFinite(value) && value > 0) counter.inc(labels, value);
}

async function withTimeout(read: () => Promise<readonly GaugeReading[]>): Promise<readonly GaugeReading[]> {
  return (await within(MAX_READ_MS, read())) ?? [];
}

/** The end of an attempt at a run. */
export interface RunEnd {
  readonly kind: string;
  readonly role: string;
  readonly status: string;
  readonly error: string;
  readonly seconds: number;
}
