/**
 * Wraps `send`, by default the platform's `fetch`, to add the active trace context to the headers.
 *
 * @throws Error that names the package to install, if the application has no OpenTelemetry.
 */
export async function tracedFetch(send?: typeof fetch): Promise<typeof fetch> {
  const { context, propagation } = await import('@opentelemetry/api').catch((cause: unknown) => {
    const detail = 'traceContext needs the package @opentelemetry/api. Install it: npm install @opentelemetry/api';
    throw new Error(`AgentClientModule: ${detail}`, { cause });
  });
  const setter = { set: (headers: Headers, name: string, value: string) => headers.set(name, value) };
  return (input, init) => {
    const headers = new Headers(init?.headers);
    propagation.inject(context.active(), headers, setter);
    return (send ?? fetch)(input, { ...init, headers });
  };
}
