import { existsSync, readdirSync, readFileSync } from 'node:fs';

/** What this process costs can be read only where the kernel tells it. */
export const isMeasurable = existsSync('/proc/self/stat');

/** CPU time of a process so far, user and system, all its threads, in microseconds; NaN off Linux. */
export function cpuMicros(pid: number): number {
  if (!isMeasurable) return NaN;
  return existsSync(`/proc/${pid}/schedstat`) ? scheduledMicros(pid) : tickMicros(pid);
}

/** Resident memory now and at its highest, in MiB; NaN off Linux. */
export function memoryMiB(pid: number): { now: number; peak: number } {
  if (!isMeasurable) return { now: NaN, peak: NaN };
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mib = (field: string) => Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1]) / 1024;
  return { now: mib('VmRSS'), peak: mib('VmHWM') };
}

/** To the nanosecond, but a file for each thread. */
function scheduledMicros(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const nanos = threads.map((thread) =>
    Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, 'utf8').split(' ')[0]),
  );
  return nanos.reduce((sum, value) => sum + value, 0) / 1000;
}

/** In ticks of 10 ms: kernels without schedstat. */
function tickMicros(pid: number): number {
  // The command in brackets may hold spaces; utime and stime are the 12th and 13th fields after it.
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
    .replace(/^.*\) /s, '')
    .split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10_000;
}
