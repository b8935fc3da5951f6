/** Ends the process without a stack trace if the reader of its output goes, as `head` does after some lines. */
export function endWithReader(): void {
  process.stdout.off('error', end).on('error', end);
}

function end(failure: Error): void {
  if (!('code' in failure) || failure.code !== 'EPIPE') throw failure;
  process.exit();
}
