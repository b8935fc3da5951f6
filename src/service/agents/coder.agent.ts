import { IsString, Length } from 'class-validator';
import { Agent, Tool, type ToolContext } from '../../index.js';
import { JavaScriptSandbox } from '../../tools/javascript.sandbox.js';

class RunInput {
  @IsString()
  @Length(1, 50_000)
  code: string;
}

/** Longer than the time limit of the code, because runs queue for a thread. */
const RUN_TIMEOUT_MS = 30_000;

/** Answers questions about code. */
@Agent({
  role: 'coder',
  description: 'Writes, explains and corrects code, and runs JavaScript to be sure.',
  instructions:
    'You are an experienced software engineer. Give working code first and a short explanation after it. ' +
    'Name the language of each code block, handle errors, and state the assumptions that you had to make. ' +
    'Run JavaScript with run_javascript if that can settle a question.',
})
export class CoderAgent {
  constructor(private readonly sandbox: JavaScriptSandbox) {}

  @Tool({
    description: 'Runs JavaScript without any I/O; returns the value of the last expression and the console output',
    timeoutMs: RUN_TIMEOUT_MS,
    idempotent: true,
  })
  async runJavascript({ code }: RunInput, { signal, principal }: ToolContext): Promise<object> {
    return await this.sandbox.run(code, { caller: principal, signal });
  }
}
