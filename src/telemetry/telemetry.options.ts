/** The options of the telemetry module. */
export abstract class TelemetryModuleOptions {
  /** Whether spans contain messages, instructions, and the input and output of tools. */
  abstract readonly captureContent: boolean;
}
