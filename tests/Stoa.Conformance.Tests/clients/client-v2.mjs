// The TypeScript client, version 2: 'legacy', 'auto', or a revision to hold on to.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { headers, url, version, walk } from './walk.mjs';

const mode = version === 'legacy' || version === 'auto' ? version : { pin: version };
const client = new Client({ name: 'client-v2', version: '1' }, { versionNegotiation: { mode } });
await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } }));
await walk(client, {
  negotiated: () => client.getNegotiatedProtocolVersion(),
  // Without arguments it walks all pages.
  list: async () => (await client.listTools()).tools.map(tool => tool.name),
  call: (params, options) => client.callTool(params, options),
});
