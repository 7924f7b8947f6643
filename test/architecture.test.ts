/**
 * The import rules of the source tree, for both languages. A new folder has to be entered in the
 * tables below: where it stands is a decision, not an accident.
 */
import assert from 'node:assert/strict';
import { readFileSync, readdirSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** A folder below native/ and the folders above which it may not reach. Each may include itself. */
const NATIVE_LAYERS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  engine: ['core'],
  client: ['core', 'engine'],
  binding: ['core', 'engine', 'client'],
};

/** Which folders of the core may include which headers of which library. */
const CORE_LIBRARIES: readonly { readonly folder: string; readonly headers: RegExp }[] = [
  {
    folder: 'core/crypto',
    headers: /^openssl\/(core_names|crypto|err|evp|hmac|kdf|params|rand|sha)\.h$/,
  },
  {
    folder: 'core/dtls',
    headers: /^openssl\/(asn1|bio|bn|crypto|ec|err|evp|objects|ssl|x509|x509v3)\.h$/,
  },
];

/** Standard headers that bring a clock, a thread, a lock, a file or an unseeded random number. */
const IMPURE_STANDARD_HEADERS = new Set(
  (
    'barrier chrono condition_variable csignal ctime filesystem fstream future iostream latch ' +
    'mutex random semaphore shared_mutex stop_token syncstream thread'
  ).split(' '),
);

/**
 * Folders and single files of src/, lowest layer first. Imports go downwards or stay in a layer, and
 * never in a circle of folders.
 */
const SRC_LAYERS: readonly (readonly string[])[] = [
  ['errors'],
  ['config', 'native'],
  ['media', 'sdp'],
  ['http', 'peer', 'pipeline', 'session', 'signaling'],
  ['media-server'],
  ['transport'],
  ['cli', 'index'],
];

/** Parts that only some may import although they lie below others. */
const SRC_RESERVED: Readonly<Record<string, readonly string[]>> = {
  config: ['config', 'transport', 'cli', 'index'],
  native: ['native', 'media', 'sdp', 'peer', 'session', 'pipeline', 'transport'],
  sdp: ['sdp', 'peer'],
};

/** Runs in browsers and knows nothing of the server. */
const BROWSER_PART = 'client';

/** One import or include: the file it stands in and what it names, relative to native/ or src/. */
interface Import {
  readonly file: string;
  readonly target: string;
}

describe('architecture of native/', () => {
  const includes = nativeIncludes();
  const own = includes.filter(({ target }) => isOwnHeader(target));
  const external = includes.filter(({ target }) => !isOwnHeader(target));

  it('has sources to check', () => {
    assert.ok(includes.length > 100, `found only ${includes.length} includes`);
  });

  it('lets binding, client, engine and core include downwards only', () => {
    assertNone(own, ({ file, target }) => {
      const below = NATIVE_LAYERS[top(file)];
      return below === undefined || ![top(file), ...below].includes(top(target));
    });
  });

  it('lets core/base include nothing but itself and the standard library', () => {
    const base = includes.filter(({ file }) => file.startsWith('core/base/'));
    assertNone(base, ({ target }) => isOwnHeader(target) && !target.startsWith('core/base/'));
    assertNone(base, ({ target }) => !isOwnHeader(target) && isLibraryHeader(target));
  });

  it('keeps the folders of the core free of circles', () => {
    const edges = own
      .filter(({ file, target }) => top(file) === 'core' && top(target) === 'core')
      .map(({ file, target }): Edge => [posix.dirname(file), posix.dirname(target)]);
    assert.deepEqual(findCircle(edges), []);
  });

  it('keeps clocks, threads, locks and files out of the core', () => {
    const core = external.filter(({ file }) => top(file) === 'core');
    assertNone(core, ({ target }) => IMPURE_STANDARD_HEADERS.has(target));
  });

  it('lets only the adapter of a library include its headers in the core', () => {
    const libraries = external.filter(
      ({ file, target }) => top(file) === 'core' && isLibraryHeader(target),
    );
    assertNone(libraries, ({ file, target }) => {
      const adapter = CORE_LIBRARIES.find(({ folder }) => posix.dirname(file) === folder);
      return adapter?.headers.test(target) !== true;
    });
  });

  it('keeps OpenSSL out of every header file', () => {
    assertNone(external, ({ file, target }) => {
      return file.endsWith('.h') && target.startsWith('openssl/');
    });
  });

  it('lets only binding include Node-API', () => {
    assertNone(external, ({ file, target }) => {
      return /^(napi|node_api|js_native_api|uv)\b/.test(target) && top(file) !== 'binding';
    });
  });
});

describe('architecture of src/', () => {
  const imports = sourceImports();
  const server = imports.filter(({ file }) => part(file) !== BROWSER_PART);

  it('has sources to check', () => {
    assert.ok(imports.length > 10, `found only ${imports.length} imports`);
  });

  it('has a place in the layers for every folder and file', () => {
    const known = new Set([...SRC_LAYERS.flat(), BROWSER_PART]);
    const unknown = filesBelow('src', /\.ts$/).filter((file) => !known.has(part(file)));
    assert.deepEqual(unknown, []);
  });

  it('imports downwards only', () => {
    assertNone(server, ({ file, target }) => layerOf(target) > layerOf(file));
  });

  it('keeps the folders free of circles', () => {
    const edges = imports.map(({ file, target }): Edge => [part(file), part(target)]);
    assert.deepEqual(findCircle(edges), []);
  });

  it('reserves config, native and sdp for those who answer for them', () => {
    assertNone(server, ({ file, target }) => {
      return SRC_RESERVED[part(target)]?.includes(part(file)) === false;
    });
  });

  it('keeps browser code and server code apart', () => {
    assertNone(imports, ({ file, target }) => {
      return (part(file) === BROWSER_PART) !== (part(target) === BROWSER_PART);
    });
  });
});

describe('the search for circles', () => {
  it('finds the folders of a circle and ignores imports within a folder', () => {
    const straight: Edge[] = [
      ['a', 'a'],
      ['a', 'b'],
      ['b', 'c'],
    ];
    assert.deepEqual(findCircle(straight), []);
    assert.deepEqual(findCircle([...straight, ['c', 'b']]), ['b', 'c', 'b']);
  });
});

function assertNone(imports: readonly Import[], isForbidden: (item: Import) => boolean): void {
  const lines = imports.filter(isForbidden).map(({ file, target }) => `${file} -> ${target}`);
  assert.deepEqual(lines, []);
}

function nativeIncludes(): Import[] {
  return filesBelow('native', /\.(cc|h)$/).flatMap((file) =>
    [...read('native', file).matchAll(/^\s*#\s*include\s*[<"]([^">]+)[">]/gm)].map((match) => ({
      file,
      target: match[1] ?? '',
    })),
  );
}

function sourceImports(): Import[] {
  return filesBelow('src', /\.ts$/).flatMap((file) =>
    ts
      .preProcessFile(read('src', file))
      .importedFiles.filter(({ fileName }) => fileName.startsWith('.'))
      .map(({ fileName }) => ({ file, target: posix.join(posix.dirname(file), fileName) })),
  );
}

/** Paths of files, relative to a folder of the repository. */
function filesBelow(folder: string, pattern: RegExp): string[] {
  return readdirSync(posix.join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => pattern.test(file))
    .sort();
}

function read(folder: string, file: string): string {
  return readFileSync(posix.join(ROOT, folder, file), 'utf8');
}

/** Our own headers are named from native/, as in core/base/time.h. */
function isOwnHeader(target: string): boolean {
  return top(target) in NATIVE_LAYERS;
}

/** Standard C++ headers have neither a folder nor a suffix. */
function isLibraryHeader(target: string): boolean {
  return /[./]/.test(target);
}

function top(path: string): string {
  return path.split('/')[0] ?? path;
}

/** The folder directly below src/, or the name of a file that lies there. */
function part(path: string): string {
  return top(path).replace(/\.(ts|js)$/, '');
}

function layerOf(path: string): number {
  return SRC_LAYERS.findIndex((layer) => layer.includes(part(path)));
}

type Edge = readonly [from: string, to: string];

/** The nodes of one circle, the first of them twice; empty when there is none. */
function findCircle(edges: readonly Edge[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) {
    if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  const visit = (node: string, path: readonly string[]): string[] => {
    if (path.includes(node)) return [...path.slice(path.indexOf(node)), node];
    if (done.has(node)) return [];
    done.add(node);
    for (const successor of next.get(node) ?? []) {
      const circle = visit(successor, [...path, node]);
      if (circle.length > 0) return circle;
    }
    return [];
  };
  for (const start of next.keys()) {
    const circle = visit(start, []);
    if (circle.length > 0) return circle;
  }
  return [];
}
