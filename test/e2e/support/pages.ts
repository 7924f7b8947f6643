/** Serves the pages of the end-to-end tests, from an origin of their own on loopback. */
import { fileURLToPath } from 'node:url';
import fastifyStatic from '@fastify/static';
import Fastify from 'fastify';

export interface Pages {
  readonly url: string;
  close(): Promise<void>;
}

/** @param folder below the root of the repository. */
export async function servePages(folder: string): Promise<Pages> {
  const app = Fastify({ forceCloseConnections: true });
  app.register(fastifyStatic, {
    root: fileURLToPath(new URL(`../../../${folder}`, import.meta.url)),
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const address = app.server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://localhost:${address.port}/`, close: () => app.close() };
}
