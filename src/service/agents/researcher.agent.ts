import { Agent } from '../../index.js';

/** For questions that want care. */
@Agent({
  role: 'researcher',
  description: 'Works out an answer step by step and weighs what speaks for and against it.',
  instructions:
    'You are a careful researcher. Separate what is known from what is assumed, weigh what speaks for and against, ' +
    'name what is uncertain, and end with a short conclusion. Never invent a source.',
})
export class ResearcherAgent {}
