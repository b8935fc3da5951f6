/** The audit log. Each row is chained to the previous one by its hash, and rows are never changed. */
export interface AuditEntryTable {
  /** 1, 2, 3 … without a gap. */
  sequence: number;
  at: number;
  tenant: string;
  /** The id of the acting principal; never an end user's name. */
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

/** The pseudonym of an end user in the audit. An erasure of the end user deletes the row, and so breaks the link. */
export interface AuditSubjectTable {
  tenant: string;
  end_user: string;
  subject: string;
}
