import assert from 'node:assert/strict';
import { sendersByMid } from '../../web/js/media-lines.js';

interface MediaLine {
  mid: string;
  direction: string;
  msid?: string;
  port?: number;
}

function description(lines: MediaLine[], newline = '\r\n'): string {
  const session = ['v=0', 'o=- 1 1 IN IP4 0.0.0.0', 's=-', 't=0 0'];
  const media = lines.flatMap(({ mid, direction, msid, port = 9 }) => [
    `m=video ${String(port)} UDP/TLS/RTP/SAVPF 96`,
    `a=mid:${mid}`,
    `a=${direction}`,
    ...(msid === undefined ? [] : [`a=msid:${msid}`]),
  ]);
  return [...session, ...media, ''].join(newline);
}

describe('senders by m-line', () => {
  it('are the stream ids of the m-lines on which the server sends', () => {
    const sdp = description([
      { mid: '0', direction: 'sendrecv', msid: 'ada track-a' },
      { mid: '1', direction: 'sendonly', msid: 'grace track-b' },
    ]);
    assert.deepEqual(
      [...sendersByMid(sdp)],
      [
        ['0', 'ada'],
        ['1', 'grace'],
      ],
    );
  });

  it('leave out m-lines that are inactive, only receive, are rejected or name nobody', () => {
    const sdp = description([
      { mid: '0', direction: 'inactive', msid: 'ada t' },
      { mid: '1', direction: 'recvonly', msid: 'ada t' },
      { mid: '2', direction: 'sendonly', msid: 'ada t', port: 0 },
      { mid: '3', direction: 'sendonly' },
      { mid: '4', direction: 'sendonly', msid: '- t' },
    ]);
    assert.equal(sendersByMid(sdp).size, 0);
  });

  it('are found in descriptions with bare line feeds too', () => {
    const sdp = description([{ mid: 'v', direction: 'sendonly', msid: 'ada t' }], '\n');
    assert.equal(sendersByMid(sdp).get('v'), 'ada');
  });

  it('are nobody in an empty description', () => {
    assert.equal(sendersByMid('').size, 0);
  });
});
