// The TypeScript SDK, version 1, made to ask for a given revision.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { headers, url, version, walk } from './walk.mjs';

const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
const send = transport.send.bind(transport);
transport.send = (message, options) =>
  send(message.method === 'initialize' ? { ...message, params: { ...message.params, protocolVersion: version } } : message, options);

const client = new Client({ name: 'sdk-v1', version: '1' });
await client.connect(transport);
await walk(client, {
  negotiated: () => transport.protocolVersion,
  list: async () => {
    const names = [];
    let cursor;
    do {
      const page = await client.listTools({ cursor });
      names.push(...page.tools.map(tool => tool.name));
      cursor = page.nextCursor;
    } while (cursor !== undefined);
    return names;
  },
  call: (params, options) => client.callTool(params, undefined, options),
});
