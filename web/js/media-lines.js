/**
 * Who sends on which m-line. The server names the sender of every m-line it forwards with
 * `a=msid:<peer id> <track id>` (RFC 8830). Reading that after each negotiation is more reliable than
 * `track` events, which do not fire when an m-line passes from one sender to the next.
 */

/**
 * @param {string} sdp A description made by the server.
 * @returns {Map<string, string>} Peer id by mid, for the m-lines on which the server sends now.
 */
export function sendersByMid(sdp) {
  /** @type {Map<string, string>} */
  const senders = new Map();
  for (const section of sdp.split(/^m=/m).slice(1)) {
    const lines = section.split(/\r?\n/);
    const port = lines[0]?.split(' ')[1];
    const sending = lines.includes('a=sendrecv') || lines.includes('a=sendonly');
    const mid = attribute(lines, 'mid');
    const peerId = attribute(lines, 'msid')?.split(' ')[0];
    const named = peerId !== undefined && peerId !== '-';
    if (port !== '0' && sending && mid !== undefined && named) senders.set(mid, peerId);
  }
  return senders;
}

/**
 * @param {string[]} lines
 * @param {string} name
 */
function attribute(lines, name) {
  const prefix = `a=${name}:`;
  return lines.find((line) => line.startsWith(prefix))?.slice(prefix.length);
}
