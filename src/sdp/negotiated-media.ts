/** What an exchange of descriptions agrees on for each m-line. */
import { CodecMismatchError, SdpError } from '../errors.js';
import type { EncodingParameters, HeaderExtension, MediaKind } from '../native/binding.js';
import { isAuxiliary, type Codec } from './codec.js';
import type { RemoteDescription } from './remote-description.js';
import { isMediaKind, type RemoteMedia } from './remote-media.js';

/** An m-line both sides accept. */
export interface NegotiatedMedia {
  readonly mid: string;
  readonly kind: MediaKind;
  /** With the remote peer's payload types and in its order: it sends the first one. */
  readonly codecs: readonly Codec[];
  readonly headerExtensions: readonly HeaderExtension[];
  /** Whether the remote peer may send to us, and which streams it named. */
  readonly remoteSends: boolean;
  readonly encodings: readonly EncodingParameters[];
  /** Whether the remote peer takes media from us. */
  readonly remoteReceives: boolean;
  readonly rtcpRsize: boolean;
}

/** An m-line that one side rejects: port 0, all else echoed. */
export interface RejectedMedia {
  readonly mid: string;
  readonly type: string;
  readonly protocol: string;
  readonly formats: string;
}

/**
 * What we agree on when answering, one entry an m-line: `undefined` for those we reject, which are data
 * channels, kinds of media other than audio and video, and m-lines without a codec that we know.
 * @throws CodecMismatchError when audio or video is offered, but no codec that we know;
 *   SdpError when there is nothing to accept for another reason.
 */
export function acceptOffer(offer: RemoteDescription): (NegotiatedMedia | undefined)[] {
  if (offer.iceLite) {
    throw new SdpError(
      'The offer is of an ICE-lite agent, as this server is: one side has to send checks.',
    );
  }
  const accepted = offer.media.map(acceptMedia);
  if (accepted.some((line) => line !== undefined)) return accepted;
  const offered = offer.media.filter(({ rejected }) => !rejected);
  if (offered.some(({ type }) => isMediaKind(type))) {
    throw new CodecMismatchError('None of the codecs in the offer is known here.');
  }
  throw new SdpError(
    offered.length === 0
      ? 'Every m= line of the offer has port 0: offer at least one audio or video line.'
      : 'The offer has neither audio nor video: data channels alone are not supported.',
  );
}

/** What we agree on about one m-line; undefined when it is rejected by either side. */
export function acceptMedia(remote: RemoteMedia): NegotiatedMedia | undefined {
  const { mid, type, codecs, headerExtensions, encodings, rtcpRsize } = remote;
  if (remote.rejected || !isMediaKind(type) || codecs.every(isAuxiliary)) return undefined;
  return {
    mid,
    kind: type,
    codecs,
    headerExtensions,
    remoteSends: remote.direction === 'sendrecv' || remote.direction === 'sendonly',
    remoteReceives: remote.direction === 'sendrecv' || remote.direction === 'recvonly',
    encodings,
    rtcpRsize,
  };
}
