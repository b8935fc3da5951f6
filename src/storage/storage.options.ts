/** The options of the storage module. */
export abstract class StorageModuleOptions {
  /** `file:<path>`, or `postgres://<user>:<password>@<host>/<database>`. */
  abstract readonly databaseUrl: string;
  /** The Redis that the replicas share; undefined: only one process. */
  abstract readonly redisUrl: string | undefined;
  /** The part of Redis that the replicas use; undefined: the name of their database. */
  abstract readonly redisPrefix: string | undefined;
}
