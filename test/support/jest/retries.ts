const { jest } = import.meta;

// Many tests wait for real processes, sockets and clocks, and may be too late on a busy machine. Each gets one more
// try; its first failure is still printed.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
