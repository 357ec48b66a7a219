// Runs the command line of the MCP Inspector. It looks for its version in a package.json two folders up, as in its own repository; here
// that is one folder up.
import { register } from 'node:module';

register('data:text/javascript,' + encodeURIComponent(`
  export const resolve = (specifier, context, next) =>
    next(specifier === '../../package.json' ? '../package.json' : specifier, context);
`));
await import('../../node_modules/@modelcontextprotocol/inspector-cli/build/index.js');
