import { useCallback, useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { RookeryError } from 'rookery/client';
import { type Credentials, storeCredentials, storedCredentials } from '../service/credentials';
import { connect, type Service, ServiceProvider } from '../service/service';
import { Failure, Loading } from '../ui/feedback';
import { Shell } from './shell';
import { SignIn } from './sign-in';

/** `asking`: the service is asked whether it accepts the credentials. */
type Access = 'asking' | 'granted' | 'refused' | { readonly failure: unknown };

/** Studio: asks for credentials if the service needs some, and shows the pages. */
export function App() {
  const [credentials, setCredentials] = useState(storedCredentials);
  const [access, setAccess] = useState<Access>('asking');
  const [round, setRound] = useState(0);
  const latest = useRef(credentials);
  latest.current = credentials;
  const service = useMemo(
    () =>
      connect(credentials, () => {
        // An answer to the credentials of before says nothing about these.
        if (latest.current === credentials) setAccess('refused');
      }),
    [credentials],
  );
  useEffect(() => {
    const ended = new AbortController();
    setAccess('asking');
    const ask = async (): Promise<void> => {
      const answer = await accessTo(service, ended.signal);
      if (!ended.signal.aborted) setAccess(answer);
    };
    void ask();
    return () => ended.abort();
  }, [service, round]);

  const use = useCallback((given: Credentials | undefined) => {
    storeCredentials(given);
    setCredentials(given);
  }, []);

  if (access === 'refused') return <SignIn isRefused={credentials !== undefined} onCredentials={use} />;
  if (access === 'asking') return <Loading what="Studio" />;
  if (access !== 'granted') {
    return (
      <main class="alone">
        <h1>Rookery Studio</h1>
        <Failure failure={access.failure} onRetry={() => setRound((old) => old + 1)} />
        {credentials !== undefined && (
          <button type="button" class="button" onClick={() => use(undefined)}>
            Sign in with other credentials
          </button>
        )}
      </main>
    );
  }
  return (
    <ServiceProvider value={service}>
      <Shell credentials={credentials} onSignOut={() => use(undefined)} />
    </ServiceProvider>
  );
}

/** Credentials without the scope `chat` still open the other pages. */
async function accessTo({ client }: Service, signal: AbortSignal): Promise<Access> {
  try {
    await client.roles({ signal });
    return 'granted';
  } catch (failure) {
    if (!(failure instanceof RookeryError)) return { failure };
    if (failure.status === 401) return 'refused';
    return failure.status === 403 ? 'granted' : { failure };
  }
}
