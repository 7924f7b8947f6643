// npm's install step: builds the addon where the package was installed as a dependency. In a clone,
// where there are sources to work on, set-up is left to `npm start` and `npm test`.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runMain } from './lib/errors.mjs';
import { ROOT } from './lib/root.mjs';
import { requirePackages } from './packages.mjs';
import { buildAddon } from './lib/set-up.mjs';

await runMain(async () => {
  if (existsSync(join(ROOT, 'src'))) return;
  requirePackages('start');
  await buildAddon();
});
