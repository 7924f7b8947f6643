/**
 * Who is announced, and who may say what to whom: carries out the commands of peers. Knows neither
 * sockets nor wire formats.
 */
import { randomUUID } from 'node:crypto';

import type { Logger } from 'pino';

import { PeerNotFoundError, SignalingError } from '../errors.js';
import type { LocalParticipant } from './local-participant.js';
import {
  MEDIA_SERVER_PEER_ID,
  type ConnectionState,
  type PeerLeftReason,
  type RemotePeerInfo,
} from './local-endpoint.js';
import type { Command, Outcome, PeerNotification } from './messages.js';
import { OfferExchanges } from './offer-exchanges.js';
import type { SignalingLimits } from './limits.js';
import { RemoteParticipant, type Participant, type PeerLink } from './participant.js';
import { readServerInfo } from './server-info.js';
import { capabilitiesOf, checkSdp } from './session-text.js';
import { SignalingFault } from './signaling-fault.js';

/** One signaling connection as the hub sees it. */
export interface Caller extends PeerLink {
  /** Who is announced on the connection; written by the hub only. */
  participant: RemoteParticipant | undefined;
}

/** What a command led to. */
export interface Reply {
  readonly outcome: Outcome;
  /** To be called once the outcome has been sent. */
  readonly afterwards?: () => void;
}

export interface HubOptions {
  readonly local?: LocalParticipant;
  readonly limits: SignalingLimits;
  /** Most announced peers. */
  readonly maxPeers: number;
  readonly logger: Logger;
}

type CommandOf<K extends Command['kind']> = Extract<Command, { kind: K }>;

export class SignalingHub {
  private readonly peers = new Map<string, RemoteParticipant>();
  private readonly exchanges: OfferExchanges;
  private readonly local: LocalParticipant | undefined;

  constructor(private readonly options: HubOptions) {
    this.exchanges = new OfferExchanges(options.limits.answerTimeoutMs);
    this.local = options.local;
  }

  /** Announced peers; the media server of this process is not one of them. */
  get peerCount(): number {
    return this.peers.size;
  }

  /**
   * Carries out a command. Everything but the wait for an answer happens before this returns, so
   * commands of a connection take effect in the order they arrive.
   * @param wantsAnswerInResult an offer to the media server is to have its answer as its outcome.
   * @throws (rejects with) SignalingFault, or WebRtcError of the media server.
   */
  async execute(caller: Caller, command: Command, wantsAnswerInResult: boolean): Promise<Reply> {
    switch (command.kind) {
      case 'announce':
        return this.announce(caller, command);
      case 'offer':
        return this.offer(caller, command, wantsAnswerInResult);
      case 'answer':
        return this.answer(caller, command);
      case 'candidate':
        return this.candidate(caller, command);
      case 'disconnect':
        return this.disconnect(caller, command);
      case 'list':
        return { outcome: this.list() };
      case 'server-info':
        return { outcome: { kind: 'server-info', info: await readServerInfo() } };
    }
  }

  /**
   * The caller's connection is gone, or its peer said goodbye to everybody.
   * @param goodbye what it said.
   */
  leave(caller: Caller, reason: PeerLeftReason, goodbye?: string): void {
    const { participant } = caller;
    if (participant === undefined) return;
    const { peerId } = participant.info;
    caller.participant = undefined;
    this.peers.delete(peerId);
    this.exchanges.cancelAll(
      peerId,
      new SignalingFault('peer_not_found', `${peerId} left before the offer was answered.`),
    );
    this.local?.peerLeft(peerId, reason);
    for (const other of this.peers.values()) {
      if (goodbye !== undefined) other.callEnded(peerId, goodbye);
      other.peerLeft(peerId);
    }
    this.options.logger.info({ peerId, reason, peers: this.peers.size }, 'Peer left');
  }

  /** Removes everybody without telling the others, because the server closes. */
  dismissAll(): void {
    const peerIds = [...this.peers.keys()];
    this.peers.clear();
    for (const peerId of peerIds) {
      this.exchanges.cancelAll(
        peerId,
        new SignalingFault('peer_not_found', 'The signaling server is closing.'),
      );
      this.local?.peerLeft(peerId, 'shutdown');
    }
  }

  /** See `SignalingChannel.sendOffer`. */
  sendLocalOffer(peerId: string, sdp: string): void {
    const { local } = this;
    if (local === undefined) {
      throw new SignalingError('This signaling server has no media server that could offer.');
    }
    const peer = this.peers.get(peerId);
    if (peer === undefined) {
      throw new PeerNotFoundError(`No peer ${peerId} is announced: there is nobody to offer to.`);
    }
    local.adopt(peerId);
    this.exchanges.open(local.info.peerId, peerId, (answer) => local.answer(peerId, answer));
    const offerId = makeOfferId(local.info.peerId, peerId);
    peer.offer(local.info, { offerId, sdp, hints: {} });
  }

  /** See `SignalingChannel.notifyStateChange`. */
  notifyStateChange(peerId: string, state: ConnectionState): void {
    const timestamp = Date.now();
    this.peers.get(peerId)?.notify({ kind: 'state-change', peerId, state, timestamp });
  }

  /** See `SignalingChannel.notifyPeerDisconnected`. */
  notifyPeerDisconnected(peerId: string, reason: string): void {
    const { local } = this;
    if (local === undefined || !this.peers.has(peerId)) return;
    local.forget(peerId);
    this.endCall(
      local.info.peerId,
      peerId,
      new SignalingFault('peer_not_found', `The media server disconnected ${peerId}: ${reason}.`),
    );
    this.broadcast({ kind: 'peer-disconnected', peerId, reason });
  }

  private announce(caller: Caller, command: CommandOf<'announce'>): Reply {
    const { peerId, capabilities, metadata } = command;
    if (caller.participant !== undefined) {
      throw new SignalingFault(
        'already_announced',
        `This connection is already announced as ${caller.participant.info.peerId}: ` +
          'disconnect with that id first, or use a connection of its own for each peer.',
      );
    }
    this.admit(caller, {
      peerId,
      capabilities,
      ...(metadata === undefined ? {} : { metadata }),
    });
    const otherPeers = [...this.peers.keys()].filter((id) => id !== peerId);
    return { outcome: { kind: 'announced', peerId, otherPeers } };
  }

  /** Makes the caller a peer, or throws and changes nothing. */
  private admit(caller: Caller, info: RemotePeerInfo): RemoteParticipant {
    const { peerId } = info;
    const { limits, maxPeers, logger } = this.options;
    const holder = this.peers.get(peerId);
    holder?.probe();
    if (holder !== undefined || peerId === this.local?.info.peerId) {
      throw new SignalingFault(
        'id_in_use',
        `The peer id ${peerId} is in use: choose another, or try again in ` +
          `${limits.probeTimeoutMs} ms if it was yours on a connection that broke.`,
      );
    }
    if (this.peers.size >= maxPeers) {
      throw new SignalingFault(
        'peer_limit',
        `All ${maxPeers} places for peers are taken: try again later, or raise the peer limit of the server.`,
      );
    }
    this.local?.admit(info);
    const participant = new RemoteParticipant(info, caller, limits);
    this.broadcast({ kind: 'peer-joined', ...info });
    this.peers.set(peerId, participant);
    caller.participant = participant;
    logger.info({ peerId, peers: this.peers.size }, 'Peer announced');
    return participant;
  }

  private async offer(
    caller: Caller,
    command: CommandOf<'offer'>,
    wantsAnswerInResult: boolean,
  ): Promise<Reply> {
    const { sdp, hints } = command;
    checkSdp(sdp, 'bad_offer');
    const isUntargeted = command.to === undefined;
    if (!isUntargeted) this.senderOf(caller, command.from);
    const target = this.find(command.to ?? MEDIA_SERVER_PEER_ID);
    const sender =
      caller.participant ??
      this.admit(caller, { peerId: `peer-${randomUUID()}`, capabilities: capabilitiesOf(sdp) });
    const from = sender.info.peerId;
    const to = target.info.peerId;
    this.refuseSelf(from, to);
    const offerId = makeOfferId(from, to);
    const offered: Outcome = { kind: 'offered', offerId, to };

    const immediate = target.offer(sender.info, { offerId, sdp, hints });
    if (immediate !== undefined) {
      const answer = await immediate;
      if (!wantsAnswerInResult) {
        return {
          outcome: offered,
          afterwards: () => {
            sender.answer(to, answer);
          },
        };
      }
      return {
        outcome: { kind: 'answered', sdp: answer, from: to, to: from },
        afterwards: () => {
          sender.openGate(to);
          if (hints.canTrickle === true) sender.candidate(to, null);
        },
      };
    }
    if (!wantsAnswerInResult || to !== MEDIA_SERVER_PEER_ID) {
      this.exchanges.open(from, to, (answer) => {
        sender.answer(to, answer);
      });
      return { outcome: offered };
    }
    const answer = await new Promise<string>((resolve, reject) => {
      this.exchanges.open(from, to, resolve, reject);
    });
    return {
      outcome: { kind: 'answered', sdp: answer, from: to, to: from },
      afterwards: () => {
        sender.openGate(to);
      },
    };
  }

  private async answer(caller: Caller, command: CommandOf<'answer'>): Promise<Reply> {
    const from = this.senderOf(caller, command.from).info.peerId;
    const to = this.find(command.to).info.peerId;
    this.refuseSelf(from, to);
    checkSdp(command.sdp, 'bad_answer');
    await this.exchanges.answer(to, from, command.sdp);
    return { outcome: { kind: 'delivered', to, held: false } };
  }

  private candidate(caller: Caller, command: CommandOf<'candidate'>): Reply {
    const from = this.senderOf(caller, command.from).info.peerId;
    const target = this.find(command.to);
    const to = target.info.peerId;
    this.refuseSelf(from, to);
    const held = target.candidate(from, command.candidate);
    return { outcome: { kind: 'delivered', to, held } };
  }

  private disconnect(caller: Caller, command: CommandOf<'disconnect'>): Reply {
    const sender = this.senderOf(caller, undefined);
    const from = sender.info.peerId;
    const reason = command.reason ?? 'disconnect';
    const outcome: Outcome = { kind: 'disconnected', peerId: command.peerId };
    if (command.peerId === from) {
      this.leave(caller, 'disconnect', reason);
      return { outcome };
    }
    const target = this.find(command.peerId);
    this.endCall(
      from,
      target.info.peerId,
      new SignalingFault('bad_offer', `${from} refused the offer: ${reason}.`),
    );
    target.callEnded(from, reason);
    return { outcome };
  }

  private list(): Outcome {
    const peers = [...this.peers.values()].map(({ info, connectedAt }) => ({
      ...info,
      connectedAt,
    }));
    return { kind: 'listed', peers };
  }

  private endCall(one: string, other: string, fault: SignalingFault): void {
    this.exchanges.cancel(one, other, fault);
    this.exchanges.cancel(other, one, fault);
  }

  private senderOf(caller: Caller, from: string | undefined): RemoteParticipant {
    const { participant } = caller;
    if (participant === undefined) {
      throw new SignalingFault(
        'not_announced',
        'This connection is not announced: announce first.',
      );
    }
    const { peerId } = participant.info;
    if (from !== undefined && from !== peerId) {
      throw new SignalingFault(
        'invalid_params',
        `params.from is ${JSON.stringify(from)}: it must be ${JSON.stringify(peerId)}, the id announced here.`,
      );
    }
    return participant;
  }

  private find(peerId: string): Participant {
    if (peerId === this.local?.info.peerId) return this.local;
    const peer = this.peers.get(peerId);
    if (peer !== undefined) return peer;
    throw new SignalingFault(
      'peer_not_found',
      peerId === MEDIA_SERVER_PEER_ID
        ? `No media server is connected here: name another peer, or start a media server as ${peerId}.`
        : `No peer ${peerId} is announced: list the peers and use one of their ids.`,
    );
  }

  private refuseSelf(from: string, to: string): void {
    if (from !== to) return;
    throw new SignalingFault(
      'invalid_params',
      `The target ${to} is this peer itself: name another peer.`,
    );
  }

  private broadcast(notification: PeerNotification): void {
    for (const peer of this.peers.values()) peer.notify(notification);
  }
}

function makeOfferId(from: string, to: string): string {
  return `${from}_${to}_${Date.now()}`;
}
