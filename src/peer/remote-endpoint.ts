/** The remote end of a transport as its descriptions name it: when to connect, when to restart ICE. */
import type { EngineTransport } from '../media/engine-transport.js';
import type { RemoteDescription } from '../sdp/remote-description.js';
import type { RemoteTransport, Setup } from '../sdp/remote-transport.js';

export class RemoteEndpoint {
  private current: RemoteTransport | undefined;
  private sessionId = '';
  private dtlsRole: 'server' | 'client' = 'server';

  constructor(private readonly transport: EngineTransport) {}

  /** What our answers say: passive where the remote peer leaves the choice to us. */
  get answerSetup(): Setup {
    return this.dtlsRole === 'server' ? 'passive' : 'active';
  }

  /**
   * A new connection object has a new certificate, or at least another session id and other ICE
   * credentials. Credentials alone change with an ICE restart; the session id alone is not kept by
   * everybody who should (RFC 3264 section 8).
   */
  isContinuedBy({ transport, sessionId }: RemoteDescription): boolean {
    const { current } = this;
    if (current === undefined || transport === undefined) return true;
    const sameCertificate = transport.fingerprint.value === current.fingerprint.value;
    const sameSession = sessionId === this.sessionId || transport.ufrag === current.ufrag;
    return sameCertificate && sameSession;
  }

  /** Connects, or follows an ICE restart (RFC 8839 section 4.4.3.1); otherwise there is nothing to do. */
  update(remote: RemoteTransport, sessionId: string): void {
    const { current } = this;
    this.sessionId = sessionId;
    if (current?.ufrag === remote.ufrag && current.pwd === remote.pwd) return;
    if (current === undefined) {
      this.dtlsRole = remote.setup === 'passive' ? 'client' : 'server';
    } else {
      this.transport.restartIce();
    }
    this.current = remote;
    const { ufrag, pwd, fingerprint, candidates } = remote;
    this.transport.connect({
      ufrag,
      pwd,
      fingerprint,
      candidates: [...candidates],
      dtlsRole: this.dtlsRole,
    });
  }
}
