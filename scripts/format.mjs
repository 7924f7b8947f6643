// npm run format: puts every source of both languages into the project's format.
import { join } from 'node:path';
import { runMain } from './lib/errors.mjs';
import { ROOT } from './lib/root.mjs';
import { runVisibly } from './lib/run.mjs';
import { nativeSources } from './lib/suites.mjs';

await runMain(async () => {
  const prettier = join(ROOT, 'node_modules/.bin/prettier');
  await runVisibly(prettier, ['--write', '--log-level', 'warn', '.']);
  await runVisibly('clang-format', ['-i', ...nativeSources()]);
});
