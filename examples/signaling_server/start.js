// npm start: in a clone of remotemedia-webrtc, sees to it that its TypeScript has been built (no compiler
// for C++ is needed, signaling loads no native code); then runs the server.
import { existsSync } from 'node:fs';

const setUp = new URL('../../scripts/lib/set-up.mjs', import.meta.url);
if (existsSync(setUp)) {
  const { setUpTypeScript } = await import(setUp.href);
  await setUpTypeScript();
}
await import('./server.js');
