// Google's SDK against the scripted Gemini itself: proves that what we call Gemini is what the real client parses. The gateway has no such door.
import { GoogleGenAI } from '@google/genai';
import { assert, hello, helloTokens, key, parameters, root, sample, walk } from './walk.mjs';

const client = new GoogleGenAI({ apiKey: key, httpOptions: { baseUrl: root } });
const tools = [{ functionDeclarations: [{ name: 'get_weather', description: 'Looks it up.', parametersJsonSchema: parameters }] }];

await walk({
  async generate(model) {
    const answer = await client.models.generateContent({ model, contents: 'Hello?' });
    assert.equal(answer.text, hello(model));
    assert.equal(answer.usageMetadata.candidatesTokenCount, helloTokens);
  },
  async stream(model) {
    let text = '', usage;
    for await (const chunk of await client.models.generateContentStream({ model, contents: 'Hello?' })) {
      text += chunk.text ?? '';
      usage = chunk.usageMetadata;
    }
    assert.equal(text, hello(model));
    assert.equal(usage.candidatesTokenCount, helloTokens);
  },
  async toolLoop(model) {
    const asked = { role: 'user', parts: [{ text: 'How is the weather?' }] };
    const first = await client.models.generateContent({ model, contents: [asked], config: { tools } });
    assert.deepEqual(first.functionCalls[0].args, sample);
    const result = { role: 'user', parts: [{ functionResponse: { name: 'get_weather', response: { degrees: 21 } } }] };
    const last = await client.models.generateContent({ model, contents: [asked, first.candidates[0].content, result], config: { tools } });
    assert.match(last.text, /The tool said: .*21/);
  },
  async structured(model) {
    const answer = await client.models.generateContent({ model, contents: 'How is it?', config: { responseMimeType: 'application/json', responseJsonSchema: parameters } });
    assert.deepEqual(JSON.parse(answer.text), sample);
  },
  async count(model) {
    assert.ok((await client.models.countTokens({ model, contents: 'Hello?' })).totalTokens > 0);
  },
});
