import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import { RookeryClient } from 'rookery/client';
import type { Credentials } from './credentials';
import { type RateLimit, rateLimitsOf } from './rate.limits';

/** The service that this tab uses. */
export interface Service {
  readonly client: RookeryClient;
  /** Undefined: the service needs none. */
  readonly credentials: Credentials | undefined;
  /** The rate limits that the last answer has stated. */
  readonly limits: () => readonly RateLimit[];
}

const ServiceContext = createContext<Service | undefined>(undefined);
export const ServiceProvider = ServiceContext.Provider;

export function useService(): Service {
  const service = useContext(ServiceContext);
  if (service === undefined) throw new Error('A page of Studio is outside its service.');
  return service;
}

export function useClient(): RookeryClient {
  return useService().client;
}

/** @param onRefused is called if the service no longer accepts the credentials. */
export function connect(credentials: Credentials | undefined, onRefused: () => void): Service {
  let limits: readonly RateLimit[] = [];
  const send: typeof fetch = async (input, init) => {
    const response = await fetch(input, init);
    if (response.status === 401) onRefused();
    if (response.headers.has('ratelimit-policy')) limits = rateLimitsOf(response.headers);
    return response;
  };
  const { kind, secret, endUser } = credentials ?? {};
  const secrets = kind === undefined ? {} : kind === 'key' ? { apiKey: secret, endUser } : { token: secret };
  return {
    credentials,
    limits: () => limits,
    client: new RookeryClient({ baseUrl: location.origin, fetch: send, ...secrets }),
  };
}
