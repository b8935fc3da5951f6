/** Random secrets that all replicas of the database share. */
export interface SharedSecretTable {
  /** The purpose. */
  name: 'replicas';
  /** As base64. */
  value: string;
  created_at: number;
}
