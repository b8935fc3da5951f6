import { Test } from '@nestjs/testing';
import { AgentModule } from '../agent.module.js';
import { Database } from '../storage/database.js';
import { AgentHealth } from './agent.health.js';

const { jest } = import.meta;

describe('AgentHealth', () => {
  it('shares one check of the database for half a second', async () => {
    const options = { databaseUrl: 'file::memory:' };
    const module = await Test.createTestingModule({ imports: [AgentModule.forRoot(options)] }).compile();
    try {
      const ping = jest.spyOn(module.get(Database, { strict: false }), 'ping');
      const health = module.get(AgentHealth, { strict: false });
      const now = performance.now();
      const clock = jest.spyOn(performance, 'now').mockReturnValue(now);
      await Promise.all([health.check(), health.check()]);
      expect(await health.check()).toMatchObject({ isDatabaseUp: true });
      expect(ping).toHaveBeenCalledTimes(1);

      clock.mockReturnValue(now + 501);
      ping.mockRejectedValue(new Error('down'));
      expect(await health.check()).toMatchObject({ isDatabaseUp: false });
    } finally {
      jest.restoreAllMocks();
      await module.close();
    }
  });
});
