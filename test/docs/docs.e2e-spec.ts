import { inPage, itInChromium } from '../support/clients/chromium.js';
import { removeServices, startService } from '../support/service/service.js';

afterAll(removeServices);

describe('/docs in a browser', () => {
  itInChromium('sends a chat, despite the security headers', async () => {
    const service = await startService();
    const complaints: string[] = [];
    await inPage(async (page) => {
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));

      await page.goto(`${service.url}/docs`);
      const operation = page.locator('#operations-Chat-chat_chat');
      await operation.locator('.opblock-summary').click();
      await operation.getByRole('button', { name: 'Try it out' }).click();
      await operation.getByRole('button', { name: 'Execute' }).click();

      const answer = operation.locator('.live-responses-table');
      await answer.waitFor({ timeout: 10_000 });
      expect(await answer.innerText()).toMatch(/200[^]*"model": "offline"/);
    });
    expect(complaints).toEqual([]);
  });
});
