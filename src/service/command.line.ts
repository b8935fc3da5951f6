import { userInfo } from 'node:os';

/** Who is at the command line, as the audit has it. */
export function commandLineActor(): string {
  try {
    return `cli:${userInfo().username}`;
  } catch {
    // A container may have no name for the user that it runs as.
    return 'cli';
  }
}
