import { send, type Answer, type Options, type Target } from './client.js';
import { string, type Json } from '../json.js';
import { until } from '../until.js';

export const TASKS = '/api/v1/agent/tasks';

export function submit(target: Target, body: Json, options: Options = {}): Promise<Answer> {
  return send(target, `POST ${TASKS}`, { ...options, body });
}

/** Submits a task and returns its id. @throws Error if it is refused. */
export async function submitted(target: Target, body: Json): Promise<string> {
  const answer = await submit(target, body);
  if (answer.status !== 202) throw new Error(`The task was refused: ${answer.text}`);
  return string(answer.body.task_id);
}

export async function taskOf(target: Target, taskId: string): Promise<Json> {
  return (await send(target, `GET ${TASKS}/${taskId}`)).body;
}

export function cancelTask(target: Target, taskId: string): Promise<Answer> {
  return send(target, `POST ${TASKS}/${taskId}/cancel`);
}

/** Returns the task once it has one of the statuses. */
export function reached(target: Target, taskId: string, ...statuses: string[]): Promise<Json> {
  return until(
    `the task is ${statuses.join(' or ')}`,
    async () => {
      const task = await taskOf(target, taskId);
      return statuses.includes(string(task.status)) && task;
    },
    15_000,
  );
}

/** Returns the task once it has ended, with any status. */
export function ended(target: Target, taskId: string): Promise<Json> {
  return reached(target, taskId, 'completed', 'failed', 'cancelled');
}
