import { Controller, Get, Module, Param } from '@nestjs/common';
import { ConfigModule, ConfigService } from '@nestjs/config';
import { APP_GUARD } from '@nestjs/core';
import { AgentModule } from 'rookery';
import { BadgeGuard } from './badge.guard.js';
import { Stock, StockAgent } from './stock.agent.js';

@Controller('stock')
class StockController {
  constructor(private readonly stock: Stock) {}

  @Get(':item')
  count(@Param('item') item: string): object {
    return { item, count: this.stock.count(item) };
  }
}

@Module({
  imports: [
    ConfigModule.forRoot({ isGlobal: true }),
    AgentModule.forRootAsync({
      inject: [ConfigService],
      useFactory: (config: ConfigService) => ({
        // Without both, the offline model answers.
        model: { apiKey: config.get<string>('OPENAI_API_KEY'), baseUrl: config.get<string>('OPENAI_BASE_URL') },
        databaseUrl: config.get<string>('AGENT_DATABASE_URL', 'file:./data/host.db'),
        // The guard of the application knows the callers.
        auth: 'none',
      }),
      http: true,
    }),
  ],
  controllers: [StockController],
  providers: [Stock, StockAgent, { provide: APP_GUARD, useClass: BadgeGuard }],
})
export class AppModule {}
