import { useState } from 'preact/hooks';
import { type Credentials, credentialsOf } from '../service/credentials';
import { TextField } from '../ui/fields';

interface SignInProps {
  /** True if the service has refused the last credentials, also later on. */
  readonly isRefused: boolean;
  readonly onCredentials: (credentials: Credentials) => void;
}

/** Takes a key or a token. It stays in this tab. */
export function SignIn({ isRefused, onCredentials }: SignInProps) {
  const [secret, setSecret] = useState('');
  const [endUser, setEndUser] = useState('');
  const isKey = secret.trim().startsWith('rookery_');
  return (
    <main class="alone">
      <h1>Rookery Studio</h1>
      <form
        class="sign-in"
        onSubmit={(event) => {
          event.preventDefault();
          if (secret.trim() !== '') onCredentials(credentialsOf(secret.trim(), endUser.trim()));
        }}
      >
        {isRefused && (
          <p class="failure" role="alert">
            The service does not accept these credentials: they are wrong, expired or revoked.
          </p>
        )}
        <TextField
          label="API key or token"
          hint="It stays in this tab, and ends with it."
          type="password"
          isMono
          isRequired
          hasFocus
          value={secret}
          onChange={setSecret}
        />
        {isKey && (
          <TextField
            label="End user (optional)"
            hint="The person on whose behalf the key is used."
            maxLength={255}
            value={endUser}
            onChange={setEndUser}
          />
        )}
        <button type="submit" class="button button-primary">
          Open Studio
        </button>
        <p class="muted">
          No key yet? On the machine of the service:{' '}
          <code>npm run keys -- create --name me --tenant main --scopes admin</code>
        </p>
      </form>
    </main>
  );
}
