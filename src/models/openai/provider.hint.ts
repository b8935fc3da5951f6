import { AgentError, type ErrorDetails } from '../../errors/agent.error.js';
import { NetworkFailure, type ProviderFault, UnreadableAnswer } from './provider.fault.js';
import { ProviderRefusal } from './provider.refusal.js';

/** The operator's names of a provider's options, such as `OPENAI_API_KEY`. */
export interface ProviderOptionNames {
  /** The name of the API key. */
  readonly apiKey: string;
  /** The name of the base URL. */
  readonly baseUrl: string;
  /** The name of the API: `responses` or `chat`. */
  readonly api: string;
  /** The name of the model. */
  readonly model: string;
}

/** A provider as its operator has configured it. */
export interface ConfiguredProvider {
  readonly names: ProviderOptionNames;
  readonly hasKey: boolean;
  /** Whether its base URL has a path, such as `/v1`. */
  readonly hasPath: boolean;
  /** Whether answers to callers have the hint, too. */
  readonly areHintsShown: boolean;
}

/** The names for a host that gives none. */
export const OPTION_NAMES: ProviderOptionNames = {
  apiKey: 'apiKey of the provider',
  baseUrl: 'baseUrl of the provider',
  api: 'api of the provider',
  model: 'the name of the model',
};

/** Codes that callers may see. A provider may put anything into its code. */
const PUBLIC_CODE = /^[A-Za-z0-9_.-]{1,64}$/;
const KEY_TEXT = /api key (is )?(not valid|invalid)|(incorrect|invalid) api key/i;
const MODEL_TEXT = /invalid[ _]model(?! ?param)|model identifier is invalid|model_not_found/i;
const DNS = /^(ENOTFOUND|EAI_AGAIN|EAI_FAIL|EAI_NODATA|EAI_NONAME)$/;
const TLS_VERSION = /WRONG_VERSION|UNSUPPORTED_PROTOCOL|PACKET_LENGTH|^EPROTO$/;
const CERTIFICATE = /CERT|VERIFY|ALTNAME/;
const UNREACHABLE = /^(ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/**
 * Adds a hint to the cause of a failure of the provider, for the log. If hints are shown, the failure that is returned
 * also has the hint and the provider's code in its message.
 */
export function withHint(failure: AgentError, provider: ConfiguredProvider, cause: ProviderFault): AgentError {
  cause.hint = hintOf(cause, provider);
  if (!provider.areHintsShown) return failure;
  const code = cause instanceof ProviderRefusal && PUBLIC_CODE.test(cause.code ?? '') ? ` (${cause.code})` : '';
  const detail = [failure.message.replace(/\.$/, `${code}.`), cause.hint].filter(Boolean).join(' ');
  const { retryAfterSeconds } = failure;
  const details: ErrorDetails = retryAfterSeconds === undefined ? { detail } : { detail, retryAfterSeconds };
  return new AgentError(failure.code, details, { cause });
}

function hintOf(cause: ProviderFault, provider: ConfiguredProvider): string | undefined {
  if (cause instanceof ProviderRefusal) return refusalHint(cause, provider);
  if (cause instanceof NetworkFailure) return networkHint(cause.network_error, provider);
  const { baseUrl, api } = provider.names;
  if (cause instanceof UnreadableAnswer) return `Check ${baseUrl} and ${api}: the answer is not that of the API.`;
  return undefined;
}

function refusalHint(cause: ProviderRefusal, { names, hasKey, hasPath }: ConfiguredProvider): string | undefined {
  const { apiKey, baseUrl, model } = names;
  if (cause.status === 401 || cause.says(KEY_TEXT)) {
    return hasKey ? `Check ${apiKey}: the provider refuses the key.` : `Set ${apiKey}: the provider needs a key.`;
  }
  if (cause.status === 402 || cause.isUsedUp) return `Check the credit of the account that ${apiKey} belongs to.`;
  if (cause.status === 403) return `Check ${apiKey}: the key may lack the right to use the model. Check ${model} too.`;
  if (cause.says(MODEL_TEXT)) return `Check ${model}: the provider does not offer this model.`;
  if (cause.status !== 404 && cause.status !== 405) return undefined;
  if (!hasPath) return `Check ${baseUrl}: it has no path, and most providers need their version, such as /v1.`;
  return `Check ${model}, and that ${baseUrl} ends with the version of the API, such as /v1.`;
}

function networkHint(code: string, { names: { baseUrl } }: ConfiguredProvider): string | undefined {
  if (code === 'ECONNREFUSED') return `Check ${baseUrl}, and that the provider runs: its port refuses connections.`;
  if (DNS.test(code)) return `Check the host of ${baseUrl}, and the DNS of this machine: the name has no address.`;
  if (TLS_VERSION.test(code)) return `Check http or https in ${baseUrl}: the port does not speak TLS.`;
  if (CERTIFICATE.test(code)) {
    return `Check ${baseUrl}: its certificate is not trusted. NODE_EXTRA_CA_CERTS can name a file with your authority.`;
  }
  if (UNREACHABLE.test(code)) return `Check ${baseUrl} and the network of this machine: the provider does not respond.`;
  return undefined;
}
