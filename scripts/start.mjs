// npm start: does what is missing of the set-up, then becomes webrtc-server. The server runs in this
// process, so that arguments, signals and the exit code are its own.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { runMain } from './lib/errors.mjs';
import { ROOT } from './lib/root.mjs';
import { setUp } from './lib/set-up.mjs';

await runMain(async () => {
  await setUp('start');
  const server = join(ROOT, 'dist/cli/webrtc-server.js');
  process.argv[1] = server;
  await import(pathToFileURL(server).href);
});
