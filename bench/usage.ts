import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** The kernel reports CPU and memory of a process only in /proc. */
export const isMeasurable = existsSync('/proc/self/stat');

/** Returns the CPU time of a process, user and system, of all its threads, in microseconds; NaN if not on Linux. */
export function cpuMicros(pid: number): number {
  if (!isMeasurable) return NaN;
  return existsSync(`/proc/${pid}/schedstat`) ? scheduledMicros(pid) : tickMicros(pid);
}

/** Returns the current and the highest resident memory in MiB; NaN if not on Linux. */
export function memoryMiB(pid: number): { now: number; peak: number } {
  if (!isMeasurable) return { now: NaN, peak: NaN };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

/** Has nanosecond precision, but reads a file for each thread. */
function scheduledMicros(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanos = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanos.reduce((sum, value) => sum + value, 0) / 1000;
}

/** Counts in ticks of 10 ms, for kernels without schedstat. */
function tickMicros(pid: number): number {
  // The command in brackets may hold spaces; utime and stime are the 12th and 13th fields after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
