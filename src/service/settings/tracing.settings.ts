import { ValidateBy } from 'class-validator';

const ROOT_SAMPLERS = ['always_on', 'always_off', 'traceidratio'] as const;

/** The OpenTelemetry names of samplers. */
export const SAMPLERS = [...ROOT_SAMPLERS, ...ROOT_SAMPLERS.map((root) => `parentbased_${root}` as const)];

export type SamplerName = (typeof SAMPLERS)[number];

/** Tracing is on if a collector is set. */
export function isTraced(environment: { readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string }): boolean {
  return environment.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined;
}

/** Validates an item of OTEL_EXPORTER_OTLP_HEADERS. */
export function isHeader(item: string): boolean {
  return /^[^=\s]+=/.test(item);
}

export function IsRatio(): PropertyDecorator {
  return ValidateBy(
    { name: 'isRatio', validator: { validate: (value) => typeof value === 'number' && value >= 0 && value <= 1 } },
    { message: '$property must be a number from 0 to 1' },
  );
}
