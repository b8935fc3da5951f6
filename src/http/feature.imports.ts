import type { DynamicModule } from '@nestjs/common';

/** The parameters of a feature module with routes. */
export interface FeatureImports {
  /** The modules whose exports it injects. */
  readonly imports: DynamicModule[];
  /** Whether its routes are registered. */
  readonly http: boolean;
}
