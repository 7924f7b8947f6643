/** What the log says about peers, sessions and signaling. */
import assert from 'node:assert/strict';
import { logActivity } from '../../src/cli/log-activity.js';
import { createLogger } from '../../src/cli/logger.js';
import { WebRtcTransport } from '../../src/transport.js';
import { FakeAddon } from '../support/fake-addon.js';
import { chromeOffer } from '../support/sdp-fixtures.js';

describe('the log of a transport', () => {
  let transport: WebRtcTransport;
  let addon: FakeAddon;
  let lines: string[];

  beforeEach(async () => {
    lines = [];
    addon = new FakeAddon();
    transport = new WebRtcTransport({ port: 0 }, { addon });
    const write = (line: string): number => lines.push(line.trimEnd());
    logActivity(transport, createLogger('info', { isTerminal: true, useColor: false, write }));
    await transport.start();
  });
  afterEach(() => transport.shutdown());

  it('follows a peer from joining to leaving', () => {
    transport.peerManager.handleOffer('ada', chromeOffer());
    addon.engine.connectAll();
    transport.peerManager.remove('ada', 'left');
    assert.deepEqual(lines, [
      'INFO Peer joined peer_id="ada"',
      'INFO Peer joined session session="default" peer_id="ada" peers=1',
      'INFO Peer connected peer_id="ada"',
      'INFO Peer left session session="default" peer_id="ada" peers=0',
      'INFO Peer disconnected peer_id="ada" reason="left"',
    ]);
  });

  it('warns in the words of the guide when a peer does not come up', () => {
    transport.peerManager.handleOffer('peer-123', chromeOffer());
    transport.peerManager.remove('peer-123', 'ice-timeout');
    assert.ok(lines.includes('WARN ICE connection failed for peer: peer-123'));
  });

  it('tells of sessions that come and go', () => {
    transport.sessionManager.create('webinar');
    transport.sessionManager.remove('webinar');
    assert.deepEqual(lines, [
      'INFO Session created session="webinar"',
      'INFO Session removed session="webinar"',
    ]);
  });
});
