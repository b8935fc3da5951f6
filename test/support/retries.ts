const { jest } = import.meta;

// Many tests wait for real processes, sockets and clocks, and a machine that is busy with other work may be too late for
// one of them. It is tried once more; its first failure is printed all the same.
jest.retryTimes(1, { logErrorsBeforeRetry: true });
