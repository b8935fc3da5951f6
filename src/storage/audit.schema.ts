/** Who did what; each row is chained to the one before by its hash, and none is ever changed. */
export interface AuditEntryTable {
  /** 1, 2, 3 … without a gap. */
  sequence: number;
  at: number;
  tenant: string;
  /** The id of the principal that did it; never an end user's name. */
  actor: string;
  /** The pseudonym of the end user whose data it is. */
  subject: string | null;
  action: string;
  target: string;
  /** As JSON. */
  details: string;
  request_id: string | null;
  previous_hash: string;
  hash: string;
}

/** Which pseudonym the audit has for an end user. When his data is erased the row goes, and nobody can tell any more. */
export interface AuditSubjectTable {
  tenant: string;
  end_user: string;
  subject: string;
}
