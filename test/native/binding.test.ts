/** The addon, compared with the file that says what it is. */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createSocket } from 'node:dgram';
import type {
  CodecParameters,
  ConsumerOptions,
  EngineEvent,
  EngineOptions,
  NativeEngine,
  ProducerOptions,
  RemoteTransportParameters,
  TransportOptions,
} from '../../src/native/binding.js';
import { loadAddon } from '../../src/native/load.js';
import { interfaceMembers, unionMembers } from '../support/binding-source.js';

const addon = loadAddon();

const OPTIONS: EngineOptions = {
  listenIps: ['127.0.0.1'],
  udpPort: 0,
  consentTimeoutMs: 8_000,
  srtpProfiles: ['AEAD_AES_128_GCM'],
};

const TRANSPORT: TransportOptions = {
  id: 1,
  iceRole: 'lite',
  localUfrag: 'server',
  localPwd: 's'.repeat(24),
};

const REMOTE: RemoteTransportParameters = {
  ufrag: 'client',
  pwd: 'c'.repeat(24),
  candidates: [],
  dtlsRole: 'server',
  fingerprint: { algorithm: 'sha-256', value: Array.from({ length: 32 }, () => 'AB').join(':') },
};

const VP8: CodecParameters = {
  name: 'VP8',
  payloadType: 96,
  clockRate: 90_000,
  rtxPayloadType: 97,
  nack: true,
  pli: true,
  fir: true,
  transportCc: true,
  remb: true,
};

const PRODUCER: ProducerOptions = {
  id: 1,
  transportId: 1,
  kind: 'video',
  mid: '0',
  codecs: [VP8],
  encodings: [{ ssrc: 1234, rtxSsrc: 1235, rid: '' }],
  headerExtensions: [{ name: 'mid', id: 1 }],
};

const CONSUMER: ConsumerOptions = {
  id: 1,
  transportId: 1,
  kind: 'video',
  mid: '0',
  ssrc: 1234,
  rtxSsrc: 1235,
  cname: 'test',
  codecs: [VP8],
  headerExtensions: [{ name: 'mid', id: 1 }],
};

type EventOf<Type extends EngineEvent['type']> = Extract<EngineEvent, { type: Type }>;

/** An engine whose events can be waited for. */
class ObservedEngine {
  readonly engine: NativeEngine;
  private readonly events: EngineEvent[] = [];
  private onEvent = () => {};

  constructor(options = OPTIONS) {
    this.engine = new addon.Engine(options, (events) => {
      this.events.push(...events);
      this.onEvent();
    });
  }

  /** The first event of a type that matches, now or later. */
  async waitFor<Type extends EngineEvent['type']>(
    type: Type,
    matches: (event: EventOf<Type>) => boolean = () => true,
  ): Promise<EventOf<Type>> {
    const isWanted = (event: EngineEvent): event is EventOf<Type> =>
      event.type === type && matches(event as EventOf<Type>);
    for (;;) {
      const found = this.events.find(isWanted);
      if (found !== undefined) return found;
      await new Promise<void>((resolve) => {
        this.onEvent = resolve;
      });
    }
  }
}

describe('the native addon', () => {
  const opened: ObservedEngine[] = [];
  // Events do not keep the process alive, and neither does waiting for them.
  let keepAlive: NodeJS.Timeout;

  function open(options = OPTIONS): ObservedEngine {
    const observed = new ObservedEngine(options);
    opened.push(observed);
    return observed;
  }

  before(() => {
    keepAlive = setInterval(() => {}, 60_000);
  });

  after(() => {
    clearInterval(keepAlive);
  });

  afterEach(() => {
    for (const { engine } of opened.splice(0)) engine.close();
  });

  describe('beside src/native/binding.ts', () => {
    it('exports what NativeAddon declares', () => {
      const { methods, properties } = interfaceMembers('NativeAddon');
      assert.deepEqual(Object.keys(addon).sort(), [...methods, ...properties].sort());
    });

    it('gives Engine the methods and properties that NativeEngine declares', () => {
      const prototype = addon.Engine.prototype as object;
      const members = Object.entries(Object.getOwnPropertyDescriptors(prototype));
      const namesOf = (isGetter: boolean) =>
        members
          .filter(([name, property]) => name !== 'constructor' && 'get' in property === isGetter)
          .map(([name]) => name)
          .sort();
      assert.deepEqual(
        { methods: namesOf(false), properties: namesOf(true) },
        interfaceMembers('NativeEngine'),
      );
    });

    it('knows every codec, header extension and SRTP profile', () => {
      const { engine } = open();
      for (const name of unionMembers('CodecName')) {
        engine.addProducer({ ...PRODUCER, codecs: [{ ...VP8, name: name as 'VP8' }] });
      }
      for (const name of unionMembers('HeaderExtensionName')) {
        engine.addProducer({ ...PRODUCER, headerExtensions: [{ name: name as 'mid', id: 1 }] });
      }
      const srtpProfiles = unionMembers('SrtpProfileName') as EngineOptions['srtpProfiles'];
      assert.equal(open({ ...OPTIONS, srtpProfiles }).engine.addresses.length, 1);
    });

    it('reports statistics with the fields that are declared', async () => {
      const { server } = await connect();
      server.engine.requestEngineStats(1);
      const engineStats = (await server.waitFor('engine-stats')).stats;
      assertFields(engineStats, 'EngineStats');
      server.engine.requestTransportStats(2, 1);
      const { stats } = await server.waitFor('transport-stats');
      assert.ok(stats);
      assertFields(stats, 'TransportStats');
      assert.equal(stats.producers.length, 1);
      assertFields(stats.producers[0]!, 'ProducerStats');
      assert.equal(stats.consumers.length, 1);
      assertFields(stats.consumers[0]!, 'ConsumerStats');
    });
  });

  describe('with two engines connected', () => {
    it('takes the media of one to the other and counts it', async () => {
      const { server } = await connect();
      await server.waitFor('producer-started', ({ producerId }) => producerId === 1);
      server.engine.requestTransportStats(7, 1);
      const { stats } = await server.waitFor('transport-stats');
      assert.ok(stats);
      assert.equal(stats.state, 'connected');
      assert.equal(stats.srtpProfile, 'AEAD_AES_128_GCM');
      const [producer] = stats.producers;
      assert.ok(producer && producer.packetsReceived > 0);
      assert.equal(producer.bytesReceived, 1000 * producer.packetsReceived);
    });

    it('tells the other side when one is closed', async () => {
      const { server, client } = await connect();
      client.engine.close();
      const event = await server.waitFor('transport-state', ({ state }) => state === 'closed');
      assert.match(event.remoteAddress, /^127\.0\.0\.1:\d+$/);
    });
  });

  describe('given arguments that cannot be understood', () => {
    const { engine } = new ObservedEngine();
    after(() => {
      engine.close();
    });

    const cases: [name: string, call: () => void, message: string][] = [
      [
        'no options',
        () => {
          Reflect.construct(addon.Engine, []);
        },
        'options must be an object',
      ],
      [
        'no callback',
        () => {
          Reflect.construct(addon.Engine, [OPTIONS]);
        },
        'onEvents must be a function',
      ],
      [
        'a host name to listen on',
        () => open({ ...OPTIONS, listenIps: ['localhost'] }),
        'options.listenIps[0] must be an IPv4 or IPv6 address',
      ],
      [
        'nothing to listen on',
        () => open({ ...OPTIONS, listenIps: [] }),
        'options.listenIps must not be empty',
      ],
      [
        'a port out of range',
        () => open({ ...OPTIONS, udpPort: 65_536 }),
        'options.udpPort must be an integer from 0 to 65535',
      ],
      [
        'a fraction',
        () => open({ ...OPTIONS, udpPort: 0.5 }),
        'options.udpPort must be an integer from 0 to 65535',
      ],
      [
        'an unknown SRTP profile',
        () => open({ ...OPTIONS, srtpProfiles: ['NULL' as 'AEAD_AES_128_GCM'] }),
        "options.srtpProfiles[0] must be one of 'AEAD_AES_128_GCM' 'AEAD_AES_256_GCM' " +
          "'SRTP_AES128_CM_HMAC_SHA1_80'",
      ],
      [
        'the id of nobody',
        () => {
          engine.removeTransport(0);
        },
        'id must be an integer from 1 to 4294967295',
      ],
      [
        'NaN',
        () => {
          engine.removeProducer(NaN);
        },
        'id must be an integer from 1 to 4294967295',
      ],
      [
        'a password that is too short',
        () => {
          engine.addTransport({ ...TRANSPORT, localPwd: 'short' });
        },
        'options.localUfrag and its password must be 4-256 and 22-256 ice-chars',
      ],
      [
        'a fingerprint that is none',
        () => {
          engine.connectTransport(1, {
            ...REMOTE,
            fingerprint: { algorithm: 'sha-256', value: 'AB' },
          });
        },
        'remote.fingerprint must be a fingerprint as in RFC 8122',
      ],
      [
        'a codec we do not know',
        () => {
          engine.addProducer({ ...PRODUCER, codecs: [VP8, { ...VP8, name: 'H263' as 'VP8' }] });
        },
        "options.codecs[1].name must be one of 'opus' 'PCMU' 'PCMA' 'VP8' 'VP9' 'H264' 'AV1' 'red' " +
          "'telephone-event'",
      ],
      [
        'a clock rate of zero',
        () => {
          engine.addConsumer({ ...CONSUMER, codecs: [{ ...VP8, clockRate: 0 }] });
        },
        'options.codecs[0].clockRate must be an integer from 1 to 4294967295',
      ],
      [
        'a number for a boolean',
        () => {
          engine.addConsumer({ ...CONSUMER, codecs: [{ ...VP8, nack: 1 as unknown as boolean }] });
        },
        'options.codecs[0].nack must be true or false',
      ],
      [
        'a list that is none',
        () => {
          engine.connectConsumer(1, 1, {} as []);
        },
        'payloadTypes must be an array',
      ],
      [
        'an endless list',
        () => {
          engine.connectConsumer(1, 1, new Array<never>(2 ** 31));
        },
        'payloadTypes must have at most 1024 items',
      ],
    ];
    for (const [name, call, message] of cases) {
      it(`throws a TypeError that names the argument: ${name}`, () => {
        assert.throws(call, { name: 'TypeError', message });
      });
    }

    it('passes on what a getter of the options throws', () => {
      const thrown = new RangeError('from the getter');
      const options = Object.defineProperty({ ...TRANSPORT }, 'iceRole', {
        get: () => {
          throw thrown;
        },
      });
      assert.throws(
        () => {
          engine.addTransport(options);
        },
        (error) => error === thrown,
      );
    });

    it('refuses to work on something that is no Engine', () => {
      assert.throws(() => {
        const impostor = Object.create(engine) as NativeEngine;
        impostor.requestEngineStats(1);
      }, /Illegal|Invalid/);
    });
  });

  describe('opening sockets', () => {
    it('names the address when its port is busy', async () => {
      const socket = createSocket('udp4').bind(0, '127.0.0.1');
      await once(socket, 'listening');
      const { port } = socket.address();
      try {
        assert.throws(() => open({ ...OPTIONS, udpPort: port }), {
          code: 'EADDRINUSE',
          syscall: 'bind',
          address: '127.0.0.1',
          port,
          message: `bind EADDRINUSE 127.0.0.1:${port} (Address already in use)`,
        });
      } finally {
        socket.close();
      }
    });

    it('names the address when it is not of this machine', () => {
      assert.throws(() => open({ ...OPTIONS, listenIps: ['192.0.2.1'] }), {
        code: 'EADDRNOTAVAIL',
        address: '192.0.2.1',
      });
    });

    it('uses one port for all addresses', () => {
      const { addresses } = open({ ...OPTIONS, listenIps: ['127.0.0.1', '127.0.0.2'] }).engine;
      assert.deepEqual(
        addresses.map(({ ip }) => ip),
        ['127.0.0.1', '127.0.0.2'],
      );
      assert.equal(addresses[0]?.port, addresses[1]?.port);
    });
  });

  describe('closing', () => {
    it('can be repeated, and commands afterwards do nothing', () => {
      const { engine } = open();
      engine.close();
      engine.close();
      engine.addTransport(TRANSPORT);
      engine.requestEngineStats(1);
      assert.match(engine.fingerprint, /^([0-9A-F]{2}:){31}[0-9A-F]{2}$/);
    });

    it('frees the port', () => {
      const { engine } = open();
      const [address] = engine.addresses;
      engine.close();
      const again = open({ ...OPTIONS, udpPort: address!.port });
      assert.deepEqual(again.engine.addresses, [address]);
    });
  });

  /** A server that receives made-up video from a client and sends it back. */
  async function connect(): Promise<{ server: ObservedEngine; client: ObservedEngine }> {
    const server = open();
    const client = open();
    const [address] = server.engine.addresses;
    server.engine.addTransport(TRANSPORT);
    client.engine.addTransport({
      id: 1,
      iceRole: 'controlling',
      localUfrag: REMOTE.ufrag,
      localPwd: REMOTE.pwd,
    });
    server.engine.connectTransport(1, {
      ...REMOTE,
      fingerprint: { algorithm: 'sha-256', value: client.engine.fingerprint },
    });
    client.engine.connectTransport(1, {
      ufrag: TRANSPORT.localUfrag,
      pwd: TRANSPORT.localPwd,
      candidates: [{ ...address!, priority: 1 }],
      dtlsRole: 'client',
      fingerprint: { algorithm: 'sha-256', value: server.engine.fingerprint },
    });
    client.engine.addSyntheticProducer({
      id: 2,
      codec: VP8,
      kind: 'video',
      packetsPerFrame: 2,
      framesPerSecond: 100,
      payloadBytes: 1000,
    });
    client.engine.addConsumer(CONSUMER);
    client.engine.connectConsumer(1, 2, [{ from: 96, to: 96 }]);
    server.engine.addProducer(PRODUCER);
    server.engine.addConsumer({ ...CONSUMER, ssrc: 4321, rtxSsrc: 4322 });
    server.engine.connectConsumer(1, 1, [{ from: 96, to: 96 }]);
    await server.waitFor('transport-state', ({ state }) => state === 'connected');
    await server.waitFor('producer-started');
    return { server, client };
  }
});

function assertFields(value: object, declaration: string): void {
  assert.deepEqual(Object.keys(value).sort(), interfaceMembers(declaration).properties);
}
