// An MCP server as a child process. `deaf`: it never answers, and ends only when it is killed.
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { z } from 'zod';

const text = (value) => ({ content: [{ type: 'text', text: String(value) }] });

async function serve() {
  const server = new McpServer({ name: 'stdio', version: '1' });
  server.registerTool('echo', { inputSchema: { text: z.string() } }, (input) => text(input.text));
  server.registerTool('env', {}, () => text(JSON.stringify(process.env)));
  server.registerTool('pid', {}, () => text(process.pid));
  server.registerTool('large', {}, () => ({
    content: [],
    structuredContent: { id: JSON.rawJSON('9007199254740993') },
  }));
  server.registerTool('crash', {}, () => {
    process.stderr.write('out of luck\n', () => process.exit(1));
    return new Promise(() => undefined);
  });
  await server.connect(new StdioServerTransport());
}

function ignoreInput() {
  process.on('SIGTERM', () => undefined);
  setInterval(() => undefined, 1000);
  const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)'], { stdio: 'inherit' });
  writeFileSync(process.env.PID_FILE, `${process.pid} ${child.pid}`);
}

if (process.argv[2] === 'deaf') ignoreInput();
else await serve();
