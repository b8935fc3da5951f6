const STORED_AS = 'rookery.studio.credentials';

/** A key or a token. They live in the storage of the tab, so they end with it. */
export interface Credentials {
  readonly kind: 'key' | 'token';
  readonly secret: string;
  /** With a key only: the person on whose behalf it is used. */
  readonly endUser?: string | undefined;
}

export function storedCredentials(): Credentials | undefined {
  const stored = parsedObject(sessionStorage.getItem(STORED_AS));
  if (typeof stored?.secret !== 'string') return undefined;
  const endUser = typeof stored.endUser === 'string' ? stored.endUser : undefined;
  return { kind: stored.kind === 'token' ? 'token' : 'key', secret: stored.secret, endUser };
}

/** Forgets everything of the tab but its theme, so that the next person finds nothing. */
export function storeCredentials(credentials: Credentials | undefined): void {
  sessionStorage.clear();
  if (credentials !== undefined) sessionStorage.setItem(STORED_AS, JSON.stringify(credentials));
}

/** Keys have a prefix; everything else is a token. */
export function credentialsOf(secret: string, endUser: string): Credentials {
  const isKey = secret.startsWith('rookery_');
  return { kind: isKey ? 'key' : 'token', secret, endUser: isKey && endUser !== '' ? endUser : undefined };
}

/** Parses a stored object; undefined if the text is not one. */
export function parsedObject(text: string | null): Readonly<Record<string, unknown>> | undefined {
  if (text === null) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
