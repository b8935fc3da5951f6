import { AgentMetrics } from './agent.metrics.js';

describe('AgentMetrics', () => {
  it('keeps at most a hundred values of a label', async () => {
    const metrics = new AgentMetrics();
    for (let index = 0; index < 150; index++) metrics.addCost(`model-${index}`, 0.5);
    const text = await metrics.text();
    expect(text.match(/^rookery_model_cost_dollars_total\{/gm)).toHaveLength(101);
    expect(text).toContain('rookery_model_cost_dollars_total{model="other"} 25');
  });

  it('omits values that cannot be read', async () => {
    const metrics = new AgentMetrics();
    let isAway = false;
    metrics.observe('queued', 'Queued.', [], () =>
      isAway ? Promise.reject(new Error('away')) : Promise.resolve([{ labels: {}, value: 3 }]),
    );
    metrics.observe('state', 'State.', ['model'], () => Promise.reject(new Error('away')));
    expect(await metrics.text()).toMatch(/^queued 3$/m);
    isAway = true;
    const text = await metrics.text();
    expect(text).not.toMatch(/^(queued|state) /m);
    expect(text).toContain('# TYPE rookery_runs_total counter');
  });

  it('does not wait for a read that never ends', async () => {
    const metrics = new AgentMetrics();
    metrics.observe('stuck', 'Stuck.', [], () => new Promise(() => undefined));
    const text = await metrics.text();
    expect(text).not.toMatch(/^stuck /m);
    expect(text).toContain('# TYPE rookery_runs_total counter');
  });

  it('ignores invalid amounts', async () => {
    const metrics = new AgentMetrics();
    const labels = 'role="assistant",model="gpt-4o",direction="input"';
    for (const inputTokens of [NaN, -3, Infinity, 7]) {
      metrics.addTokens('assistant', 'gpt-4o', { inputTokens, outputTokens: 0 });
    }
    metrics.addCost('gpt-4o', NaN);
    const text = await metrics.text();
    expect(text).toContain(`rookery_model_tokens_total{${labels}} 7\n`);
    expect(text).not.toMatch(/^rookery_model_cost_dollars_total\{/m);
  });

  it('shares nothing with another application in the process', async () => {
    const [one, other] = [new AgentMetrics(), new AgentMetrics()];
    one.beginRun('chat');
    expect(await one.text()).toContain('rookery_runs_active{kind="chat"} 1');
    expect(await other.text()).not.toContain('kind="chat"');
  });
});
