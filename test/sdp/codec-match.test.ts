import assert from 'node:assert/strict';
import type { CodecName } from '../../src/native/binding.js';
import { mapPayloadTypes } from '../../src/sdp/codec-match.js';
import type { Codec } from '../../src/sdp/codec.js';

function codec(name: CodecName, payloadType: number, format = ''): Codec {
  const isVideo = ['VP8', 'VP9', 'H264', 'AV1'].includes(name);
  const isWide = name === 'opus' || name === 'red';
  return {
    name,
    payloadType,
    clockRate: isVideo ? 90000 : isWide ? 48000 : 8000,
    channels: isWide ? 2 : 1,
    format,
    feedback: [],
    rtxPayloadType: 0,
  };
}

describe('mapPayloadTypes', () => {
  it('maps by name whatever the payload types are', () => {
    const sent = [codec('VP8', 96), codec('VP9', 98, 'profile-id=0')];
    const received = [codec('VP9', 35), codec('VP8', 120)];
    assert.deepEqual(mapPayloadTypes(sent, received), [
      { from: 96, to: 120 },
      { from: 98, to: 35 },
    ]);
  });

  it('refuses when the receiver lacks the codec that is sent, even if it has another one', () => {
    const sent = [codec('H264', 102, 'profile-level-id=42e01f'), codec('VP8', 96)];
    assert.equal(mapPayloadTypes(sent, [codec('VP8', 96)]), undefined);
  });

  it('leaves out codecs that the receiver lacks when they are not the one that is sent', () => {
    assert.deepEqual(mapPayloadTypes([codec('VP8', 96), codec('AV1', 45)], [codec('VP8', 120)]), [
      { from: 96, to: 120 },
    ]);
  });

  it('ignores the level and the constraint flags of H.264, but prefers equal ones', () => {
    const sent = [codec('H264', 102, 'packetization-mode=1;profile-level-id=42e01f')];
    const baseline = codec('H264', 10, 'packetization-mode=1;profile-level-id=420033');
    const constrained = codec('H264', 11, 'packetization-mode=1;profile-level-id=42E034');
    assert.deepEqual(mapPayloadTypes(sent, [baseline]), [{ from: 102, to: 10 }]);
    assert.deepEqual(mapPayloadTypes(sent, [baseline, constrained]), [{ from: 102, to: 11 }]);
  });

  it('keeps H.264 profile families and packetization modes apart', () => {
    const sent = [codec('H264', 102, 'packetization-mode=1;profile-level-id=42e01f')];
    const high = codec('H264', 10, 'packetization-mode=1;profile-level-id=640c1f');
    const mode0 = codec('H264', 11, 'profile-level-id=42e01f');
    assert.equal(mapPayloadTypes(sent, [high, mode0]), undefined);
  });

  it('keeps VP9 and AV1 profiles apart, an absent one being profile 0', () => {
    assert.equal(
      mapPayloadTypes([codec('VP9', 98, 'profile-id=2')], [codec('VP9', 98, 'profile-id=0')]),
      undefined,
    );
    assert.deepEqual(
      mapPayloadTypes([codec('AV1', 45, 'level-idx=5;profile=0')], [codec('AV1', 41)]),
      [{ from: 45, to: 41 }],
    );
  });

  it('maps RED only to a receiver whose RED contains the same payload types', () => {
    const sent = [codec('opus', 111), codec('red', 63, '111/111')];
    const same = [codec('opus', 111), codec('red', 120, '111/111')];
    const other = [codec('opus', 109), codec('red', 120, '109/109')];
    assert.deepEqual(mapPayloadTypes(sent, same), [
      { from: 111, to: 111 },
      { from: 63, to: 120 },
    ]);
    assert.deepEqual(mapPayloadTypes(sent, other), [{ from: 111, to: 109 }]);
  });

  it('refuses when RED is what is sent and the receiver cannot take it', () => {
    const sent = [codec('red', 63, '111/111'), codec('opus', 111)];
    assert.equal(mapPayloadTypes(sent, [codec('opus', 111)]), undefined);
  });
});
