/** The little signaling itself has to know about descriptions and candidates before it passes them on. */
import type { PeerCapabilities, RemoteCandidate } from './local-endpoint.js';
import { SignalingFault } from './signaling-fault.js';

/**
 * Refuses what cannot be a session description with media.
 * @throws SignalingFault of the given reason.
 */
export function checkSdp(sdp: string, reason: 'bad_offer' | 'bad_answer'): void {
  if (!sdp.startsWith('v=0')) {
    throw new SignalingFault(
      reason,
      `The session description begins with ${JSON.stringify(sdp.slice(0, 20))}: it must begin with v=0.`,
    );
  }
  if (!/^m=/m.test(sdp)) {
    throw new SignalingFault(
      reason,
      'The session description has no m= line: add a track or a transceiver before making it.',
    );
  }
}

/** The kinds of media an offer has m-lines for. */
export function capabilitiesOf(sdp: string): PeerCapabilities {
  return {
    audio: /^m=audio /m.test(sdp),
    video: /^m=video /m.test(sdp),
    data: /^m=application /m.test(sdp),
  };
}

/**
 * A candidate from its fields on the wire; empty and null mean the end of candidates.
 * @throws SignalingFault `bad_candidate`.
 */
export function toCandidate(
  text: string | null,
  sdpMid: string | null,
  sdpMLineIndex: number | null,
): RemoteCandidate | null {
  if (text === null || text === '') return null;
  const candidate = text.startsWith('a=') ? text.slice(2) : text;
  if (!candidate.startsWith('candidate:')) {
    throw new SignalingFault(
      'bad_candidate',
      `The candidate ${JSON.stringify(text.slice(0, 40))} must begin with "candidate:": ` +
        'send RTCIceCandidate.candidate as the browser made it.',
    );
  }
  return { candidate, sdpMid, sdpMLineIndex };
}
