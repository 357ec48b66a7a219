// Preloaded into a helper process: it ends when the test process does, however that ends, because its end of the pipe closes.
process.stdin.resume();
process.stdin.on('end', () => process.exit());
