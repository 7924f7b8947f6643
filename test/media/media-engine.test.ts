import assert from 'node:assert/strict';
import { InternalError, InvalidConfigError, OperationTimeoutError } from '../../src/errors.js';
import { MediaEngine } from '../../src/media/media-engine.js';
import type { CodecParameters, EngineStats, TransportStats } from '../../src/native/binding.js';
import { FAKE_ENGINE_OPTIONS, FakeAddon, type FakeEngine } from '../support/fake-addon.js';

const VP8: CodecParameters = {
  name: 'VP8',
  payloadType: 96,
  clockRate: 90000,
  rtxPayloadType: 97,
  nack: true,
  pli: true,
  fir: true,
  transportCc: true,
  remb: false,
};

const VIDEO = { kind: 'video', mid: '1', codecs: [VP8], headerExtensions: [] } as const;

const CONNECTION = {
  ufrag: 'abcd',
  pwd: 'abcdefghijklmnopqrstuv',
  candidates: [],
  dtlsRole: 'server',
  fingerprint: { algorithm: 'sha-256', value: 'AB' },
} as const;

describe('MediaEngine', () => {
  let media: MediaEngine;
  let native: FakeEngine;

  beforeEach(() => {
    const addon = new FakeAddon();
    media = new MediaEngine(addon, FAKE_ENGINE_OPTIONS);
    native = addon.engine;
  });

  function newTransport(): ReturnType<MediaEngine['createTransport']> {
    return media.createTransport({ iceRole: 'lite' });
  }

  function newProducer(transport: ReturnType<typeof newTransport>) {
    const encodings = [{ ssrc: 5, rtxSsrc: 6, rid: '' }];
    return transport.addProducer({
      ...VIDEO,
      codecs: [VP8],
      headerExtensions: [],
      encodings,
    });
  }

  function newConsumer(transport: ReturnType<typeof newTransport>) {
    const ssrcs = { ssrc: transport.newSsrc(), rtxSsrc: transport.newSsrc() };
    return transport.addConsumer({
      ...VIDEO,
      ...ssrcs,
      codecs: [VP8],
      headerExtensions: [],
      cname: 'c',
    });
  }

  const badOptions: readonly [what: string, options: object, message: RegExp][] = [
    ['no address', { listenIps: [] }, /listenIps is empty/],
    ['a name for an address', { listenIps: ['localhost'] }, /"localhost"/],
    ['a port out of range', { udpPort: 70_000 }, /70000/],
    ['a fraction for a port', { udpPort: 1.5 }, /1\.5/],
    ['no consent time-out', { consentTimeoutMs: 0 }, /consentTimeoutMs is 0/],
    ['no SRTP profile', { srtpProfiles: [] }, /srtpProfiles is empty/],
  ];
  for (const [what, options, message] of badOptions) {
    it(`refuses ${what}, naming it`, () => {
      assert.throws(
        () => new MediaEngine(new FakeAddon(), { ...FAKE_ENGINE_OPTIONS, ...options }),
        (error) => error instanceof InvalidConfigError && message.test(error.message),
      );
    });
  }

  it('gives every transport ids and credentials of its own', () => {
    const transports = Array.from({ length: 200 }, newTransport);
    const ufrags = new Set(transports.map(({ iceCredentials }) => iceCredentials.ufrag));
    assert.equal(ufrags.size, 200);
    assert.equal(new Set(transports.map(({ id }) => id)).size, 200);
    for (const { iceCredentials } of transports) {
      assert.match(iceCredentials.ufrag, /^[A-Za-z0-9+/]{8}$/);
      assert.match(iceCredentials.pwd, /^[A-Za-z0-9+/]{24}$/);
    }
  });

  it('never gives an SSRC of a transport twice, nor 0', () => {
    const transport = newTransport();
    const ssrcs = Array.from({ length: 1_000 }, () => transport.newSsrc());
    assert.equal(new Set(ssrcs).size, 1_000);
    assert.ok(ssrcs.every((ssrc) => Number.isInteger(ssrc) && ssrc > 0 && ssrc <= 0xffff_ffff));
  });

  it('tells the states of a transport, each once', () => {
    const transport = newTransport();
    const states: string[] = [];
    transport.on('state', (state) => states.push(state));
    for (const state of ['connecting', 'connecting', 'connected', 'disconnected'] as const) {
      native.setState(transport.id, state);
    }
    native.setState(9_999, 'failed');
    assert.deepEqual(states, ['connecting', 'connected', 'disconnected']);
    assert.equal(transport.state, 'disconnected');
    assert.equal(transport.remoteAddress, '127.0.0.1:5000');
  });

  it('tells when the first packet of a producer has arrived', () => {
    const producer = newProducer(newTransport());
    let started = 0;
    producer.on('started', () => started++);
    assert.equal(producer.started, false);
    native.emit([{ type: 'producer-started', producerId: producer.id }]);
    assert.equal(started, 1);
    assert.equal(producer.started, true);
  });

  it('connects a consumer, disconnects it, and says so to the engine only when it changes', () => {
    const producer = newProducer(newTransport());
    const consumer = newConsumer(newTransport());
    consumer.connect(producer, [{ from: 96, to: 120 }]);
    const made = native.consumers.get(consumer.id);
    assert.deepEqual(
      [made?.producerId, made?.payloadTypes],
      [producer.id, [{ from: 96, to: 120 }]],
    );
    assert.equal(consumer.producer, producer);
    consumer.disconnect();
    consumer.disconnect();
    assert.equal(native.consumers.get(consumer.id)?.producerId, 0);
    assert.equal(consumer.producer, undefined);
  });

  it('ends producers and consumers with their transport', () => {
    const transport = newTransport();
    const producer = newProducer(transport);
    const consumer = newConsumer(transport);
    let closed = 0;
    producer.on('closed', () => closed++);
    transport.close();
    transport.close();
    assert.equal(closed, 1);
    assert.deepEqual([producer.closed, consumer.closed, transport.state], [true, true, 'closed']);
    assert.equal(native.transports.size, 0);
    producer.close();
    consumer.close();
    assert.throws(() => newProducer(transport), InternalError);
  });

  it('replaces its ICE credentials and tells the engine', () => {
    const transport = newTransport();
    const before = transport.iceCredentials;
    const after = transport.restartIce();
    assert.notEqual(after.ufrag, before.ufrag);
    assert.deepEqual(native.transports.get(transport.id)?.iceRestarts, [after]);
  });

  it('answers each request for statistics with its own answer', async () => {
    const transport = newTransport();
    const engineStats = media.getStats();
    const first = transport.getStats();
    const second = transport.getStats();
    const [engineRequest, firstRequest, secondRequest] = native.requests;
    const answer = { transportId: transport.id } as TransportStats;
    native.emit([
      { type: 'transport-stats', requestId: secondRequest?.requestId ?? 0, stats: null },
      { type: 'transport-stats', requestId: firstRequest?.requestId ?? 0, stats: answer },
      {
        type: 'engine-stats',
        requestId: engineRequest?.requestId ?? 0,
        stats: { transports: 1 } as EngineStats,
      },
    ]);
    assert.equal(await first, answer);
    assert.equal(await second, null);
    assert.equal((await engineStats).transports, 1);
  });

  it('asks for the states again when events were lost, and lets nobody wait for lost statistics', async () => {
    const warnings: string[] = [];
    media.on('warning', (message) => warnings.push(message));
    const transport = newTransport();
    const lost = transport.getStats();
    native.emit([{ type: 'events-dropped', count: 3 }]);
    await assert.rejects(lost, OperationTimeoutError);
    const requestId = native.requests.at(-1)?.requestId ?? 0;
    const stats = { state: 'connected' } as TransportStats;
    native.emit([{ type: 'transport-stats', requestId, stats }]);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(transport.state, 'connected');
    assert.match(warnings[0] ?? '', /3 events/);
  });

  it('passes on what the engine could not do', () => {
    const warnings: string[] = [];
    media.on('warning', (message) => warnings.push(message));
    native.emit([{ type: 'command-failed', message: 'no transport 7' }]);
    assert.deepEqual(warnings, ['no transport 7']);
  });

  it('ends everything when it is closed, once', async () => {
    const transport = newTransport();
    const producer = newProducer(transport);
    const stats = media.getStats();
    media.close();
    media.close();
    assert.ok(native.closed && transport.closed && producer.closed);
    await assert.rejects(stats, InternalError);
    assert.throws(newTransport, InternalError);
  });

  it('hands nothing to the engine that it could not trust', () => {
    const transport = newTransport();
    const { codecs, ...video } = { ...VIDEO, codecs: [VP8], encodings: [], headerExtensions: [] };
    const attempts: (() => unknown)[] = [
      () => transport.addProducer({ ...video, codecs: [{ ...VP8, payloadType: 128 }] }),
      () => transport.addProducer({ ...video, codecs: [...codecs, ...codecs] }),
      () => transport.addProducer({ ...video, codecs: [{ ...VP8, clockRate: 0 }] }),
      () =>
        transport.addProducer({ ...video, codecs, encodings: [{ ssrc: -1, rtxSsrc: 0, rid: '' }] }),
      () => transport.addProducer({ ...video, codecs, headerExtensions: [{ name: 'mid', id: 0 }] }),
      () => transport.addConsumer({ ...video, codecs, ssrc: 0, rtxSsrc: 0, cname: 'c' }),
      () => {
        transport.connect({ ...CONNECTION, ufrag: 'a b', candidates: [] });
      },
      () => {
        transport.connect({ ...CONNECTION, pwd: 'short', candidates: [] });
      },
      () => {
        transport.connect({ ...CONNECTION, candidates: [{ ip: 'x.local', port: 1, priority: 1 }] });
      },
      () => {
        transport.connect({ ...CONNECTION, candidates: [{ ip: '::1', port: 0, priority: 1 }] });
      },
    ];
    for (const attempt of attempts) assert.throws(attempt, InternalError);
    assert.equal(native.producers.size + native.consumers.size, 0);
    assert.deepEqual(native.transports.get(transport.id)?.remotes, []);
  });
});
