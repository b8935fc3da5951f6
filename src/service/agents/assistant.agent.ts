import { IsOptional, IsString, Length } from 'class-validator';
import { Agent, Tool } from '../../index.js';
import { calculate } from '../../tools/calculator.js';
import { timeIn } from '../../tools/clock.js';

class CurrentTimeInput {
  @IsOptional()
  @IsString()
  @Length(1, 64)
  timezone?: string;
}

class CalculateInput {
  @IsString()
  @Length(1, 1000)
  expression: string;
}

/** Answers everyday questions. */
@Agent({
  role: 'assistant',
  description: 'Answers everyday questions; knows the time and calculates exactly.',
  instructions:
    'You are a helpful assistant. Answer clearly and briefly, and say so when you do not know. ' +
    'Use current_time for anything that depends on the present, and calculate for every calculation.',
})
export class AssistantAgent {
  @Tool({
    description: 'Returns the current date and time in an IANA time zone such as Europe/Oslo; default UTC',
    idempotent: true,
  })
  currentTime({ timezone }: CurrentTimeInput): object {
    return timeIn(timezone);
  }

  @Tool({ description: 'Returns the exact value of an expression with + - * / % ^ and parentheses', idempotent: true })
  calculate({ expression }: CalculateInput): string {
    return calculate(expression);
  }
}
