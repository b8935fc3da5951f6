/** The fault of a provider, for the log. A hint says which setting of the operator may be the reason. */
export abstract class ProviderFault {
  /** Has the names of settings and nothing of the provider. Undefined: the settings are not the reason. */
  hint: string | undefined;
}

/** A failure of the connection. */
export class NetworkFailure extends ProviderFault {
  constructor(readonly network_error: string) {
    super();
  }
}

/** An answer that is not the API's, such as a page of a proxy. */
export class UnreadableAnswer extends ProviderFault {
  readonly network_error = 'unreadable answer';
}
