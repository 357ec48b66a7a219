// A chat in the terminal, with any model of the gateway: streams the answer, lets the model look at the clock, says what it cost.
// Usage: STOA_URL=http://localhost:7071 STOA_KEY=stoa_sk_... node chat.mjs <model>
import { createInterface } from 'node:readline';
import OpenAI from 'openai';

const { STOA_URL = 'http://localhost:7071', STOA_KEY } = process.env;
const client = new OpenAI({ baseURL: `${STOA_URL.replace(/\/$/, '')}/v1`, apiKey: STOA_KEY });

const model = process.argv[2] ?? await firstModel();
const tools = [{
  type: 'function',
  function: { name: 'get_time', description: 'The time now, in UTC.', parameters: { type: 'object', properties: {} } },
}];
const messages = [{ role: 'system', content: 'Be brief.' }];

console.log(`You talk to ${model}. An empty line ends the chat.`);
const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: '> ', terminal: process.stdin.isTTY });
lines.prompt();
for await (const line of lines) {
  if (line.trim() === '') break;
  messages.push({ role: 'user', content: line });
  await answer();
  lines.prompt();
}
lines.close();

async function answer() {
  for (;;) {
    const stream = client.chat.completions.stream({ model, messages, tools, stream_options: { include_usage: true } });
    stream.on('content', piece => process.stdout.write(piece));
    const { choices: [{ message }], usage } = await stream.finalChatCompletion();
    messages.push(message);
    if (!message.tool_calls?.length) {
      console.log(`\n(${usage?.prompt_tokens} tokens in, ${usage?.completion_tokens} out)`);
      return;
    }
    for (const call of message.tool_calls) {
      messages.push({ role: 'tool', tool_call_id: call.id, content: new Date().toISOString() });
    }
  }
}

async function firstModel() {
  for await (const { id } of client.models.list()) return id;
  throw new Error('This key may use no model.');
}
