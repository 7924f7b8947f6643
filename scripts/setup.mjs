// npm run setup: everything `npm start` needs, without starting; with --addon only the addon.
import { runMain } from './lib/errors.mjs';
import { buildAddon, setUp } from './lib/set-up.mjs';

await runMain(async () => {
  if (process.argv.includes('--addon')) await buildAddon();
  else await setUp('start');
});
