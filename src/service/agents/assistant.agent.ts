import { Agent } from '../../index.js';

/** For everyday questions. */
@Agent({
  role: 'assistant',
  description: 'Answers everyday questions.',
  instructions: 'You are a helpful assistant. Answer clearly and briefly, and say so when you do not know.',
})
export class AssistantAgent {}
